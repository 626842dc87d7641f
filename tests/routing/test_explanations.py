"""What a reader is told: what, whose, why, what to do first, what waits and what would change it."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

import pytest

from app.routing import Decision, Rulebook, rulebook, rulebook_from
from app.routing.decision import Text
from app.routing.facts import Consent

WAITS: Final = "Er is nog geen toestemming"


def dutch(decision: Decision) -> str:
    return decision.routes[0].explanation.nl


def test_a_route_says_what_whose_why_to_whom_and_by_which_article(decide: Callable[..., Decision]) -> None:
    text = dutch(decide("family_parenting", age=17))
    for part in ("dit valt onder de Jeugdwet", "Tot de 18e verjaardag", "Verantwoordelijk is de gemeente",
                 "De verwijzing gaat naar: wijkteam", "Bron: Jeugdwet 1.1"):  # fmt: skip
        assert part in text


def test_a_body_without_a_known_place_is_not_named(decide: Callable[..., Decision]) -> None:
    text = decide("safety_violence", age=17, told={"home_municipality": None, "core_municipality": None})
    assert "Welke gemeente verantwoordelijk is, is nog niet bekend. Ga naar: Veilig Thuis." in dutch(text)
    assert "of ." not in text.explanation.en


def test_no_statutory_route_is_said_as_such(decide: Callable[..., Decision]) -> None:
    text = decide("income", age=17).routes[0].explanation
    assert text.nl.startswith("Inkomen: hiervoor is er geen wettelijke route. Onder de 18")
    assert text.en.startswith("Income: there is no statutory route for this. Under 18")


def test_danger_says_to_call_first(decide: Callable[..., Decision]) -> None:
    assert "Bel nu: 112." in dutch(decide("mental_health", age=17, acute_danger=True))


def test_a_route_says_which_answer_would_change_it(decide: Callable[..., Decision]) -> None:
    text = decide("disability_id", age=17).routes[0].explanation
    assert "Dit kan anders worden door het antwoord op: Is er blijvend toezicht" in text.nl
    assert "This may change with the answer to: Is there a lasting need" in text.en
    told = decide("disability_id", age=17, lasting_need_for_care=False).routes[0].explanation
    assert "blijvend toezicht" not in told.nl


@pytest.mark.parametrize("refused", [True, False])
def test_a_route_says_that_it_waits_for_consent(refused: bool, decide: Callable[..., Decision]) -> None:
    word = Consent(given_by="student", given_on=date(2026, 9, 1), purpose="referral", refused=refused)
    text = dutch(decide("family_parenting", age=17, told={"consents": (word,)}))
    assert (WAITS in text) is refused


def test_the_whole_says_when_to_look_again(decide: Callable[..., Decision]) -> None:
    decision = decide("family_parenting", born=date(2009, 3, 1))
    assert decision.next_change is not None
    assert decision.next_change.on == date(2027, 3, 1)
    assert "Op 1 maart 2027 verandert dit" in decision.explanation.nl
    assert "This changes on 1 March 2027" in decision.explanation.en


def test_what_is_kept_of_sentences_is_bounded_and_changes_none(
    book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rulebook, "_KEPT_AT_MOST", 1)
    fresh = rulebook_from(book.files)
    said = [fresh.phrase((name,), partial(Text, name, name)).nl for name in ("a", "b", "a")]
    assert said == ["a", "b", "a"]
    assert len(fresh._phrases) == 1
