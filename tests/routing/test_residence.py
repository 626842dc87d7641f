"""Which body is responsible: the residence test of each act under each version of the law (LAW 2.3)."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest

from app.routing import Decision
from app.routing.facts import ABSENT, Child, Stay, StayKind

HOME, BEFORE, MOTHER, ACTUAL, APPROACHED, PARENTS, CORE = (
    "0150", "0166", "0148", "0160", "0164", "0177", "0193",
)  # fmt: skip
TOLD: Final = {
    "previous_municipality": BEFORE,
    "mother_municipality_at_birth": MOTHER,
    "actual_stay_municipality": ACTUAL,
    "municipality_approached": APPROACHED,
    "parents_municipality": PARENTS,
}


def stay(kind: StayKind, since: date = date(2014, 1, 1)) -> dict[str, Any]:
    return {"stay": Stay(kind=kind, since=since)}


# sentence, domain, age, day, residence, the responsible municipality (None: the test asks), the statement
TESTS: Final = [
    ("own address", "family_parenting", 17, 2026, {}, HOME, "JW-20"),
    ("secret address is an address", "family_parenting", 17, 2026, {"status": "secret"}, HOME, "JW-20"),
    ("stay with a provider", "family_parenting", 17, 2026, stay("residential_youth_care"), BEFORE, "JW-21"),
    ("stay in foster care", "family_parenting", 17, 2026, stay("foster_care"), BEFORE, "JW-21"),
    ("stay in a youth prison", "justice", 17, 2026, stay("youth_prison"), BEFORE, "JW-21"),
    ("stay in shelter", "family_parenting", 17, 2026, stay("shelter"), BEFORE, "JW-21"),
    ("stay in protected living", "family_parenting", 17, 2026, stay("protected_living"), BEFORE, "JW-21"),
    ("stay in a Wlz institution", "family_parenting", 17, 2025, stay("wlz_institution"), BEFORE, "JW-21"),
    ("stay in a Wlz institution before 2025", "family_parenting", 17, 2024, stay("wlz_institution"), HOME,
     "JW-20"),
    ("never registered before the stay", "family_parenting", 17, 2026,
     {**stay("foster_care"), "previous_municipality": None}, MOTHER, "JW-22"),
    ("address under investigation", "family_parenting", 17, 2026, {"status": "under_investigation"}, MOTHER,
     "JW-22"),
    ("postal address only", "family_parenting", 17, 2026, {"status": "postal_address"}, MOTHER, "JW-22"),
    ("not registered", "family_parenting", 17, 2026, {"status": "not_registered"}, MOTHER, "JW-22"),
    ("mother never registered", "family_parenting", 17, 2026,
     {"status": "not_registered", "mother_municipality_at_birth": None}, ACTUAL, "JW-22"),
    ("abroad", "family_parenting", 17, 2026, {"status": "abroad"}, ACTUAL, "JW-22b"),
    ("parents with custody before 2022", "family_parenting", 17, 2021, {}, PARENTS, "JW-25"),
    ("nobody with custody before 2022", "family_parenting", 17, 2021, {"parents_municipality": None}, ACTUAL,
     "JW-25"),
    ("a stay before 2022 moves nothing", "family_parenting", 17, 2021, stay("foster_care"), PARENTS,
     "JW-25"),
    ("own domicile from 18 before 2022", "family_parenting", 20, 2021, stay("foster_care"), HOME, "JW-25"),
    ("extended help follows the same test", "family_parenting", 21, 2026, stay("foster_care"), BEFORE,
     "JW-21"),
    ("Wmo knows no previous municipality", "self_reliance", 19, 2026, stay("room_training"), HOME, "WMO-07"),
    ("shelter where the student turned to", "housing", 19, 2026, {}, APPROACHED, "WMO-08"),
    ("protected living where the student turned to", "self_reliance", 19, 2026, stay("protected_living"),
     APPROACHED, "WMO-08"),
    ("assistance where somebody lives", "work_participation", 30, 2026, {}, ACTUAL,
     "PW-11"),
    ("assistance where registered, when nothing else was told", "work_participation", 30, 2026,
     {"actual_stay_municipality": ABSENT}, HOME, "PW-11"),
    ("assistance without an address", "work_participation", 30, 2026, {"status": "not_registered"}, ACTUAL,
     "PW-11"),
    ("assistance with a postal address", "work_participation", 30, 2026, {"status": "postal_address"}, ACTUAL,
     "PW-11"),
    ("study allowance", "income", 20, 2026, {}, ACTUAL, "PW-12"),
    ("debt help where registered", "debts", 19, 2026, {}, HOME, "PW-20"),
    ("attendance", "absence_dropout", 17, 2026, {}, HOME, "EX-23"),
    ("Doorstroompunt", "absence_dropout", 19, 2026, {}, HOME, "EX-26"),
    ("youth health care", "physical_health", 17, 2026, {}, HOME, "EX-27"),
    ("the child's address", "pregnancy_parenthood", 24, 2026, {}, "0141", "JW-12"),
    ("the care recipient's municipality", "informal_care", 24, 2026, {}, "0147", "WMO-14"),
]  # fmt: skip
FACTS: Final[dict[str, Any]] = {
    "youth_help": None,
    "criminal_measure": None,
    "homeless": True,
    "absence_weeks": 5,
    "medical_bar_to_side_job": True,
    "children": (Child(municipality="0141"),),
    "pregnant": False,
    "care_recipient_municipality": "0147",
}


@pytest.mark.parametrize(
    ("domain", "age", "year", "residence", "place", "statement"),
    [pytest.param(*row, id=sentence) for sentence, *row in TESTS],
)
def test_the_responsible_municipality(
    domain: str, age: int, year: int, residence: dict[str, Any], place: str, statement: str,
    decide: Callable[..., Decision],
) -> None:  # fmt: skip
    decision = decide(
        domain, age=age, on=date(year, 9, 1), residence={**TOLD, **residence},
        told={"home_municipality": HOME, "core_municipality": CORE}, **FACTS,
    )  # fmt: skip
    bodies = [route.responsible for route in decision.routes if route.responsible]
    found = {(body.municipality.code, body.test) for body in bodies if body.municipality}
    assert (place, statement) in found


# Without the answer: the presumption that is named, or the question that blocks.
UNTOLD: Final = [
    ("a stay asks for the municipality before it", "family_parenting", 17, 2026, stay("foster_care"),
     "needs_information", "residence.previousMunicipality"),
    ("no address asks for the mother's", "family_parenting", 17, 2026, {"status": "not_registered"},
     "needs_information", "residence.motherMunicipalityAtBirth"),
    ("before 2022 the parents are asked for", "family_parenting", 17, 2021, {}, "needs_information",
     "residence.parentsMunicipality"),
    ("the actual stay is presumed at the core", "income", 30, 2026, {"status": "not_registered"}, CORE,
     "residence.actualStayMunicipality"),
    ("the stay of one who lives abroad is presumed at the core", "family_parenting", 17, 2026,
     {"status": "abroad"}, CORE, "residence.actualStayMunicipality"),
    ("the municipality approached is presumed the core", "housing", 19, 2026, {}, CORE,
     "residence.municipalityApproached"),
    ("no stay is presumed", "family_parenting", 17, 2026, {}, HOME, "residence.stay"),
    ("the care recipient is presumed to live at home", "informal_care", 24, 2026, {}, HOME,
     "circumstances.careRecipientMunicipality"),
    ("the child is presumed to live at home", "pregnancy_parenthood", 24, 2026, {}, HOME,
     "circumstances.children"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "age", "year", "residence", "found", "fact"),
    [pytest.param(*row, id=sentence) for sentence, *row in UNTOLD],
)
def test_a_residence_that_was_not_told(
    domain: str, age: int, year: int, residence: dict[str, Any], found: str, fact: str,
    decide: Callable[..., Decision],
) -> None:  # fmt: skip
    decision = decide(
        domain, age=age, on=date(year, 9, 1), residence=residence, youth_help=None, homeless=True,
        told={"home_municipality": HOME, "core_municipality": CORE}, children=(Child(),),
    )  # fmt: skip
    first = decision.routes[0]
    asked = {question.fact: question.blocking for question in decision.questions}
    assert first.responsible is not None
    if found == "needs_information":
        assert (first.outcome, asked[fact]) == (found, True)
    else:
        assert first.responsible.municipality is not None
        assert (first.responsible.municipality.code, asked[fact]) == (found, False)
        assert fact in first.presumed


def test_what_is_presumed_of_an_actual_stay_needs_a_person(decide: Callable[..., Decision]) -> None:
    (route,) = decide("income", age=30, residence={"status": "not_registered"}).routes
    assert route.human_review


def test_nobody_can_be_presumed_without_a_core_municipality(decide: Callable[..., Decision]) -> None:
    untold = {"home_municipality": None, "core_municipality": None}
    decision = decide("income", age=30, residence={"status": "not_registered"}, told=untold)
    assert [(q.fact, q.blocking) for q in decision.questions if q.blocking] == [
        ("residence.actualStayMunicipality", True)
    ]


def test_a_report_to_veilig_thuis_never_waits_for_a_municipality(decide: Callable[..., Decision]) -> None:
    untold = {"home_municipality": None, "core_municipality": "0193"}
    vt = decide("safety_violence", age=20, told=untold).routes[0]
    assert (vt.outcome, vt.provision) == ("routed", "vt")
    assert vt.responsible is not None
    assert vt.responsible.region is not None


def test_children_in_several_municipalities_need_a_person(decide: Callable[..., Decision]) -> None:
    children = (Child(municipality="0141"), Child(municipality="0150"))
    (route,) = decide("pregnancy_parenthood", age=24, children=children, pregnant=False).routes
    assert route.human_review


MOVES: Final = [
    (date(2026, 9, 1), True), (date(2026, 9, 2), False), (date(2025, 9, 1), True), (date(2025, 8, 31), False),
]  # fmt: skip


@pytest.mark.parametrize(("moved_on", "warned"), MOVES)
def test_the_same_help_may_go_on_for_a_year_after_a_move(
    moved_on: date, warned: bool, decide: Callable[..., Decision]
) -> None:
    decision = decide("family_parenting", on=date(2026, 9, 1), residence={"moved_on": moved_on})
    raised = {warning.code: warning.on for warning in decision.warnings}
    assert ("CONTINUATION_ONE_YEAR_AFTER_MOVE" in raised) is warned
    if warned:
        assert raised["CONTINUATION_ONE_YEAR_AFTER_MOVE"] == moved_on.replace(year=moved_on.year + 1)


def test_a_region_is_named_for_veilig_thuis_and_the_doorstroompunt(decide: Callable[..., Decision]) -> None:
    vt, rmc = decide("safety_violence", "absence_dropout", age=20, absence_weeks=4).routes
    assert vt.responsible is not None
    assert rmc.responsible is not None
    assert (vt.responsible.kind, vt.responsible.region and vt.responsible.region.type) == (
        "region", "veilig_thuis",
    )  # fmt: skip
    assert (rmc.responsible.kind, rmc.responsible.region and rmc.responsible.region.type) == (
        "municipality", "rmc",
    )  # fmt: skip


def test_one_student_can_have_two_municipalities(decide: Callable[..., Decision]) -> None:
    residence = {"stay": Stay(kind="foster_care", since=date(2014, 1, 1)), "previous_municipality": BEFORE}
    decision = decide("family_parenting", "self_reliance", age=20, residence=residence)
    assert "TWO_MUNICIPALITIES" in {warning.code for warning in decision.warnings}
