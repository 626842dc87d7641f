"""The proof's last stages: every rule finds a receiver, a question or the desk; every route a consent."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Final

from app.routing.consent import route_consent
from app.routing.decision import Municipality, Region
from app.routing.directory import Agreement, Directory, Place, Team
from app.routing.facts import Consent
from app.routing.receiving import Addressee, Receiving, receiving
from app.routing.rule import Rule
from app.routing.rulebook import Rulebook
from app.routing.vocabulary import RECEIVERS, STATUTORY_CONSENTS, TEAM_OF_VARIANT

_DAY: Final = date(2026, 1, 1)
_HOME, _CORE = "0001", "0002"
_REGIONS: Final = {kind: Region(kind, kind.upper(), kind) for kind in ("veilig_thuis", "rmc")}
_AGES: Final = (None, 11, 12, 15, 16, 17, 18, 27)
_GIVERS: Final = ("student", "student_and_parent", "parent")


def check_receivers(book: Rulebook) -> Iterator[str | None]:
    """Every rule by variant by home and core by agreement by number of teams registered."""
    for agreed, teams in product((False, True), (0, 1, 2)):
        directory = _directory(agreed=agreed, teams=teams)
        for rule, variant, home, core in product(
            book.rules, TEAM_OF_VARIANT, (None, _HOME, _CORE), (None, _CORE)
        ):
            addressee = Addressee(home, core, variant, None, None, None, 17, rule.problem_domains[0], _DAY)
            found = receiving(rule, addressee, directory)
            yield None if _is_answer(rule, found) else f"gap: {rule.id}: no primary receiver in {variant}"


def _is_answer(rule: Rule, found: Receiving) -> bool:
    primaries = [receiver for receiver in found.receivers if receiver.role == "primary"]
    if found.asks is not None or rule.provision == "none":
        return not primaries
    return len(primaries) == 1


def _directory(*, agreed: bool, teams: int) -> Directory:
    places = {code: Place(municipality=Municipality(code, code), regions=_REGIONS) for code in (_HOME, _CORE)}
    registered = [
        Team(
            id=f"{kind}-{code}-{number}",
            kind=kind,
            name=kind,
            organisation=code,
            municipality=code,
            valid_from=_DAY,
        )
        for kind, code, number in product(RECEIVERS, places, range(teams))
    ]
    agreement = Agreement(
        id="agreed",
        home_municipality=_HOME,
        core_municipality=_CORE,
        mandate="provide",
        payer="home",
        valid_from=_DAY,
    )
    return Directory(1, places, tuple(registered), (), (agreement,) if agreed else ())


def check_consents(book: Rulebook) -> Iterator[str | None]:
    """Every consent that a rule sets by age by every pair of words by student and parent."""
    one_for_each = {rule.consent: rule for rule in book.rules}
    for rule, age, student, parent, involved in product(
        one_for_each.values(), _AGES, _words("student"), _words("parent"), (False, True)
    ):
        told = (*student, *parent)
        consent = route_consent(rule, "neighbourhood_team", told, age, parents_involved=involved)
        known = consent.required in (*STATUTORY_CONSENTS, *_GIVERS)
        silent = consent.required in _GIVERS and consent.given and not (student or parent)
        yield None if known and not silent else f"gap: {rule.id}: consent {consent.required} at {age}"


def _words(giver: str) -> Iterator[tuple[Consent, ...]]:
    """Nothing said, and one consent or refusal for each purpose and each kind of recipient."""
    yield ()
    recipients = (None, ("neighbourhood_team",), ("gp",))
    for purpose, named, refused in product(("referral", "feedback"), recipients, (False, True)):
        yield (
            Consent(
                given_by="student" if giver == "student" else "parent",
                given_on=_DAY,
                purpose="referral" if purpose == "referral" else "feedback",
                recipients=named,
                refused=refused,
            ),
        )
