"""Whose consent a route needs and whether it is on record (LAW 7.1)."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest

from app.routing import Decision
from app.routing.facts import Consent, ConsentGiver, ConsentPurpose
from app.routing.vocabulary import STATUTORY_CONSENTS

DAY: Final = date(2026, 8, 31)


def word(
    giver: ConsentGiver = "student", *, recipients: tuple[str, ...] | None = None, refused: bool = False,
    on: date = DAY, purpose: ConsentPurpose = "referral",
) -> Consent:  # fmt: skip
    return Consent(given_by=giver, given_on=on, purpose=purpose, recipients=recipients, refused=refused)


STUDENT, PARENT = word(), word("parent")
NO, LATER = word(refused=True), date(2026, 9, 1)

# age, what is on record, who must consent, whether that is there (domain family_parenting)
WORDS: Final = [
    ("under 12 the parent", 11, (PARENT,), "parent", True),
    ("under 12 not the student", 11, (STUDENT,), "parent", False),
    ("from 12 both", 12, (STUDENT, PARENT), "student_and_parent", True),
    ("at 15 not the student alone", 15, (STUDENT,), "student_and_parent", False),
    ("at 15 not the parent alone", 15, (PARENT,), "student_and_parent", False),
    ("at 15 either may refuse", 15, (STUDENT, PARENT, word("parent", refused=True)), "student_and_parent",
     False),
    ("from 16 the student", 16, (STUDENT,), "student", True),
    ("from 16 not the parent", 16, (PARENT,), "student", False),
    ("from 16 a parent's refusal does not count", 16, (STUDENT, word("parent", refused=True)), "student",
     True),
    ("from 18 the student", 18, (STUDENT,), "student", True),
    ("from 18 not the parent", 18, (PARENT,), "student", False),
    ("nothing on record", 17, (), "student", False),
    ("a refusal", 17, (NO,), "student", False),
    ("withdrawn later", 17, (STUDENT, word(refused=True, on=LATER)), "student", False),
    ("given after a refusal", 17, (NO, word(on=LATER)), "student", True),
    ("refused on the same day", 17, (STUDENT, NO), "student", False),
    ("for this receiver", 17, (word(recipients=("neighbourhood_team",)),), "student", True),
    ("for another receiver", 17, (word(recipients=("gp",)),), "student", False),
    ("a refusal for another receiver", 17, (STUDENT, word(recipients=("gp",), refused=True)), "student",
     True),
    ("a refusal for this receiver", 17,
     (STUDENT, word(recipients=("neighbourhood_team",), refused=True, on=LATER)), "student", False),
    ("for feedback only", 17, (word(purpose="feedback"),), "student", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("age", "words", "required", "given"), [pytest.param(*row, id=name) for name, *row in WORDS]
)
def test_the_consent_that_a_route_needs(
    age: int, words: tuple[Consent, ...], required: str, given: bool, decide: Callable[..., Decision]
) -> None:
    (route,) = decide("family_parenting", age=age, youth_help=None, told={"consents": words}).routes
    assert route.consent is not None
    assert (route.consent.required, route.consent.given) == (required, given)


# what the law itself allows, whatever was refused
STATUTORY: Final = [
    ("a report of violence", "safety_violence", 17, {}, "vt", "not_required_veilig_thuis"),
    ("help after violence", "safety_violence", 17, {}, "jw", "student"),
    ("acute danger", "mental_health", 17, {"acute_danger": True}, "emergency", "vital_interest"),
    ("absence of 16 hours", "absence_dropout", 17, {"absence_hours_in_four_weeks": 16}, "lpw",
     "not_required_statutory_report"),
    ("absence of 15 hours", "absence_dropout", 17, {"absence_hours_in_four_weeks": 15}, "lpw", "student"),
    ("absence of four weeks of a minor", "absence_dropout", 17, {"absence_weeks": 4}, "lpw",
     "not_required_statutory_report"),
    ("help at 12 against what parents may have done", "safety_violence", 12,
     {"parents_possibly_involved": True}, "jw", "student"),
    ("help at 12 where parents are not involved", "safety_violence", 12, {}, "jw", "student_and_parent"),
    ("help at 11 against what parents may have done", "safety_violence", 11,
     {"parents_possibly_involved": True}, "jw", "parent"),
    ("absence of four weeks", "absence_dropout", 19, {"absence_weeks": 4}, "web_rmc",
     "not_required_statutory_report"),
    ("not enrolled any more", "absence_dropout", 19, {"enrolment": "none"}, "web_rmc", "student"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "age", "facts", "provision", "required"),
    [pytest.param(*row, id=name) for name, *row in STATUTORY],
)
def test_a_statutory_report_does_not_wait_for_consent(
    domain: str, age: int, facts: dict[str, Any], provision: str, required: str,
    decide: Callable[..., Decision],
) -> None:  # fmt: skip
    decision = decide(domain, age=age, told={"consents": (NO,)}, **facts)
    route = next(route for route in decision.routes if route.provision == provision)
    assert route.consent is not None
    assert (route.consent.required, route.consent.given) == (required, required in STATUTORY_CONSENTS)


def test_each_receiver_s_consent_is_its_own(decide: Callable[..., Decision]) -> None:
    words = (word(recipients=("debt_service",)),)
    decision = decide("debts", "learning", age=19, told={"consents": words})
    assert [route.consent.given for route in decision.routes if route.consent] == [True, False]
    assert "CONSENT_PER_RECIPIENT" in {warning.code for warning in decision.warnings}
