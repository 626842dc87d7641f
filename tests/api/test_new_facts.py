"""New facts move what nobody has accepted yet, ask whoever helps to look again, and undo nothing."""

from datetime import date
from typing import Any, Final

import pytest

from tests.api.parties import Parties, TickingClock

Json = dict[str, Any]

TODAY: Final = "2026-05-14"
TO_DALFSEN: Final[Json] = {"homeMunicipality": "0148", "student": {"postcode": "7721AA"}}
TO_TUBBERGEN: Final[Json] = {"homeMunicipality": "0183", "student": {"postcode": "7651AA"}}
TO_KAMPEN: Final[Json] = {"homeMunicipality": "0166", "student": {"postcode": "8261AA"}}
BIRTHDAY: Final[Json] = {"referenceDate": "2026-05-15"}
# A new version of the decision, with the same routes.
NO_MATTER: Final[Json] = {"circumstances": {"homeless": False}}


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(date.fromisoformat(TODAY))


@pytest.fixture
async def id(parties: Parties, body: Json) -> str:
    """Help at home for one who turns 18 tomorrow, offered to Kampen's team."""
    return await parties.offered({**body, "problemDomains": ["family_parenting"]})


async def told(parties: Parties, handover: str, kind: str, facts: Json) -> Json:
    referral = (await parties.read("school", handover))["referralId"]
    return await parties.tell(referral, kind, facts)


def standing(referral: Json) -> list[tuple[str | None, str]]:
    """Where its handovers lie, and how they stand, in order of making."""
    return [((h["team"] or {}).get("teamId"), h["status"]) for h in referral["handovers"]]


def refusal(body: Json) -> Json:
    return {"consents": [{**body["consents"][0], "givenOn": TODAY, "refused": True}]}


@pytest.mark.parametrize("facts", [TO_DALFSEN, BIRTHDAY], ids=["a move", "a birthday"])
async def test_support_that_runs_is_asked_to_look_again_and_stays(
    parties: Parties, id: str, facts: Json
) -> None:
    before = await parties.step("kampen", id, "accept")
    referral = await told(parties, id, "facts", facts)
    assert referral["decisionVersion"] == 2
    assert standing(referral) == [("kampen-wijkteam", "accepted")]
    after = await parties.read("kampen", id)
    assert (before["flags"], after["flags"]) == ([], ["reassessment_due"])
    assert after["routes"] == before["routes"]


async def test_support_whose_routes_stay_is_not_asked(parties: Parties, id: str) -> None:
    await parties.step("kampen", id, "accept")
    [handover] = (await told(parties, id, "facts", NO_MATTER))["handovers"]
    assert (handover["status"], handover["flags"]) == ("accepted", [])


async def test_who_looked_again_says_so(parties: Parties, id: str) -> None:
    await parties.step("kampen", id, "accept")
    await told(parties, id, "facts", BIRTHDAY)
    answer = await parties.step("kampen", id, "reassessed", comment="Loopt door onder de Wmo.")
    assert (answer["status"], answer["flags"]) == ("accepted", [])


async def test_what_was_rejected_stays_where_it_went_while_the_route_is_the_same(
    parties: Parties, id: str
) -> None:
    named = {"kind": "municipality", "municipality": "0148"}
    await parties.step("kampen", id, "reject", reason="residence", responsibleBody=named)
    before = await parties.next(id)
    referral = await told(parties, id, "facts", NO_MATTER)
    assert referral["decisionVersion"] == 2
    assert standing(referral) == [("kampen-wijkteam", "rejected"), ("dalfsen-wijkteam", "offered")]
    assert await parties.next(id) == before


async def test_what_was_rejected_follows_when_the_route_changes(parties: Parties, id: str) -> None:
    await parties.step("kampen", id, "reject", reason="no_capacity")
    referral = await told(parties, id, "facts", TO_DALFSEN)
    assert standing(referral) == [("kampen-wijkteam", "rejected"), ("dalfsen-wijkteam", "offered")]


async def test_what_is_completed_is_not_offered_anew(parties: Parties, id: str) -> None:
    await parties.step("kampen", id, "accept")
    await parties.step("kampen", id, "start", firstContactOn=TODAY)
    await parties.step("kampen", id, "complete", outcome="goals_reached")
    referral = await told(parties, id, "facts", NO_MATTER)
    assert referral["decisionVersion"] == 2
    assert (referral["status"], standing(referral)) == ("closed", [("kampen-wijkteam", "completed")])


async def test_after_a_move_what_nobody_accepted_goes_elsewhere(parties: Parties, id: str) -> None:
    await parties.step("kampen", id, "acknowledge")
    left, gone_to = (await told(parties, id, "facts", TO_DALFSEN))["handovers"]
    assert (left["id"], left["status"], left["succeededBy"]) == (id, "redirected", gone_to["id"])
    assert (gone_to["status"], gone_to["precededBy"]) == ("offered", id)
    assert gone_to["responsibleMunicipality"]["code"] == "0148"


async def test_after_a_move_out_of_reach_it_becomes_advice_that_knows_what_it_follows(
    parties: Parties, id: str
) -> None:
    referral = await told(parties, id, "facts", TO_TUBBERGEN)
    [left], [advice] = referral["handovers"], referral["advice"]
    assert (left["status"], left["succeededBy"]) == ("redirected", None)
    assert (left["succeededByAdvice"], advice["precededBy"]) == (advice["id"], id)
    assert (advice["status"], referral["status"]) == ("open", "open")


async def test_advice_of_a_decision_goes_with_that_decision(parties: Parties, id: str) -> None:
    await told(parties, id, "facts", TO_TUBBERGEN)
    referral = await told(parties, id, "facts", TO_KAMPEN)
    assert [advice["status"] for advice in referral["advice"]] == ["not_needed"]
    assert standing(referral) == [("kampen-wijkteam", "redirected"), ("kampen-wijkteam", "offered")]


async def test_advice_of_a_decision_is_not_given_twice(parties: Parties, id: str) -> None:
    before = await told(parties, id, "facts", TO_TUBBERGEN)
    after = await told(parties, id, "facts", NO_MATTER)
    assert (after["decisionVersion"], after["advice"]) == (3, before["advice"])


async def test_advice_of_a_rejection_stays_while_the_route_is_the_same(parties: Parties, id: str) -> None:
    named = {"kind": "health_insurer"}
    await parties.step("kampen", id, "reject", reason="other_law", responsibleBody=named)
    referral = await told(parties, id, "facts", NO_MATTER)
    assert [(advice["kind"], advice["status"]) for advice in referral["advice"]] == [
        ("health_insurer", "open")
    ]
    assert standing(referral) == [("kampen-wijkteam", "rejected")]


async def test_a_teams_own_question_is_answered_in_words(parties: Parties, id: str) -> None:
    await parties.step("kampen", id, "ask", question="Wie is de mentor?")
    nothing = await parties.send("school", id, {"action": "answer"})
    assert [error["location"] for error in nothing.json()["errors"]] == ["/facts"]
    answer = await parties.step("school", id, "answer", comment="M. Voorbeeld.")
    assert answer["status"] == "offered"
    assert (await parties.referral(id))["decisionVersion"] == 1
    said = (await parties.read("kampen", id))["notes"]
    assert [(note["question"], note["comment"]) for note in said] == [
        ("Wie is de mentor?", None),
        (None, "M. Voorbeeld."),
    ]


async def test_a_teams_own_question_is_answered_with_facts(parties: Parties, id: str) -> None:
    await parties.step("kampen", id, "acknowledge")
    await parties.step("kampen", id, "ask", question="Is zij dakloos?")
    answer = await parties.step("school", id, "answer", facts=NO_MATTER)
    assert answer["status"] == "acknowledged"
    assert (await parties.referral(id))["decisionVersion"] == 2


async def test_an_answer_that_moves_the_task_moves_the_handover(parties: Parties, id: str) -> None:
    await parties.step("kampen", id, "ask", question="Waar woont zij?")
    answer = await parties.step("school", id, "answer", facts=TO_DALFSEN)
    assert answer["status"] == "redirected"
    assert (await parties.next(id))["team"]["teamId"] == "dalfsen-wijkteam"


async def test_refused_consent_ends_what_a_person_placed(parties: Parties, id: str, body: Json) -> None:
    named = {"kind": "municipality", "municipality": "0148"}
    await parties.step("kampen", id, "reject", reason="residence", responsibleBody=named)
    await told(parties, id, "consents", refusal(body))
    successor = await parties.next(id)
    assert (successor["status"], successor["statusReason"]) == ("withdrawn", "consent_withdrawn")


async def test_refused_consent_stops_what_runs(parties: Parties, id: str, body: Json) -> None:
    await parties.step("kampen", id, "accept")
    [handover] = (await told(parties, id, "consents", refusal(body)))["handovers"]
    assert (handover["status"], handover["statusReason"]) == ("stopped", "consent_withdrawn")
