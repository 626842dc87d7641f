"""The matrix of LAW 9.2 with common facts: every problem domain in every age bracket, and its conditions."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple

import pytest

from app.routing.facts import Child, Stay, StayKind, YouthHelp

AGES: Final = {"<16": 15, "16-17": 16, "18-20": 19, "21-22": 21, "23-26": 24, "27+": 30}
# Nothing out of the ordinary: no earlier help, no measure, enrolled bol, absent for five weeks, pregnant.
COMMON: Final[dict[str, Any]] = {
    "youth_help": None,
    "criminal_measure": None,
    "enrolment": "bol",
    "absence_weeks": 5,
    "pregnant": True,
    "children": None,
}
MATRIX: Final = """
    mental_health        | jw        | jw        | zvw      | zvw      | zvw      | zvw
    addiction            | jw        | jw        | zvw      | zvw      | zvw      | zvw
    family_parenting     | jw        | jw        | wmo      | wmo      | wmo      | wmo
    safety_violence      | vt jw     | vt jw     | vt       | vt       | vt       | vt
    housing              | jw        | jw        | wmo      | wmo      | wmo      | wmo
    debts                | wgs       | wgs       | wgs      | wgs      | wgs      | wgs
    income               | none      | none      | none     | none     | none     | pw
    work_participation   | lpw       | lpw       | pw       | pw       | pw       | pw
    disability_id        | jw        | jw        | wmo      | wmo      | wmo      | wmo
    disability_phys      | wmo       | wmo       | wmo zvw  | wmo zvw  | wmo zvw  | wmo zvw
    self_reliance        | jw        | jw        | wmo      | wmo      | wmo      | wmo
    learning             | edu       | edu       | edu      | edu      | edu      | edu
    absence_dropout      | lpw       | lpw       | web_rmc  | web_rmc  | web_rmc  | none
    justice              | jw_crim   | jw_crim   | none     | none     | none     | none
    pregnancy_parenthood | wpg jw zvw| wpg jw zvw| wpg zvw  | wpg zvw  | wpg zvw  | wpg zvw
    physical_health      | zvw wpg   | zvw wpg   | zvw      | zvw      | zvw      | zvw
    social_network       | jw        | jw        | wmo      | wmo      | wmo      | wmo
    informal_care        | wmo jw    | wmo jw    | wmo      | wmo      | wmo      | wmo
"""
CELLS: Final = [
    pytest.param(domain, AGES[bracket], expected, id=f"{domain} {bracket}")
    for domain, *row in ([cell.strip() for cell in line.split("|")] for line in MATRIX.split("\n")[1:-1])
    for bracket, expected in zip(AGES, row, strict=True)
]


@pytest.mark.parametrize(("domain", "age", "expected"), CELLS)
def test_a_cell_of_the_matrix(domain: str, age: int, expected: str, provisions: Callable[..., str]) -> None:
    needs = {"disability_phys": "aids_and_adaptations"} if age < 18 else None
    assert provisions(domain, age=age, needs=needs, **COMMON) == expected


class Condition(NamedTuple):
    """What one of the twenty conditions says of one case."""

    number: int
    sentence: str
    domain: str
    age: int
    facts: dict[str, Any]
    expected: str
    warnings: str = ""


def help_before_18(**given: Any) -> dict[str, Any]:
    running = {"type": "pedagogical", "started_on": date(2018, 1, 1), "ongoing": True}
    return {"youth_help": (YouthHelp(**{**running, **given}),)}


def stay(kind: StayKind, since: date = date(2018, 1, 1)) -> dict[str, Any]:
    return {
        "residence": {"stay": Stay(kind=kind, since=since), "previous_municipality": "0166"},
        "youth_help": None,
    }


CONDITIONS: Final = [
    Condition(1, "ggz from 18 is insured, certain without a door", "mental_health", 19, {"youth_help": None},
              "zvw", "NOT_MUNICIPAL"),
    Condition(1, "ggz from 18 with running ggz needs a person", "addiction", 19,
              help_before_18(type="mental_health"), "zvw",
              "HUMAN_REVIEW EXT_JW_NOT_FOR_GGZ CONTINUITY_WITH_PROVIDER"),
    Condition(1, "ggz from 18 with another open door needs a person", "mental_health", 19, help_before_18(),
              "zvw", "HUMAN_REVIEW EXT_JW_NOT_FOR_GGZ"),
    Condition(2, "foster care begun before 18 goes on to 21", "family_parenting", 20, stay("foster_care"),
              "jw_foster21"),
    Condition(2, "foster care is a place to live too", "housing", 20, stay("foster_care"), "jw_foster21"),
    Condition(2, "foster care from 21 needs a decision", "family_parenting", 21, stay("foster_care"),
              "jw_ext", "EXT_JW_NEEDS_COLLEGE_DECISION"),
    Condition(2, "a family home is no foster care", "family_parenting", 19, stay("family_home"),
              "jw_ext", "GEZINSHUIS_21_POLICY"),
    Condition(2, "foster care begun after 18 opens nothing", "family_parenting", 20,
              stay("foster_care", date(2025, 6, 1)), "wmo"),
    Condition(3, "continuation that is decided", "family_parenting", 22,
              help_before_18(continuation_decided=True), "jw_ext", "EXT_JW_UNTIL_23"),
    Condition(3, "continuation that is not decided yet", "family_parenting", 22, help_before_18(),
              "jw_ext", "EXT_JW_NEEDS_COLLEGE_DECISION HUMAN_REVIEW"),
    Condition(3, "a need found before 18, never helped", "family_parenting", 19,
              {"youth_help": (YouthHelp(type="pedagogical", need_established_on=date(2024, 6, 1)),)},
              "jw_ext", "EXT_JW_SECOND_LIMB WAITING_LIST"),
    Condition(3, "help ended less than half a year ago", "family_parenting", 19,
              help_before_18(ongoing=False, ended_on=date(2026, 4, 1)), "jw_ext", "HALF_YEAR_WINDOW_ENDS"),
    Condition(3, "at 23 the extension is over", "family_parenting", 23, help_before_18(), "wmo",
              "EXT_JW_ENDED_23"),
    Condition(3, "guidance cannot be extended", "family_parenting", 19, help_before_18(type="guidance"),
              "wmo", "EXT_JW_NOT_FOR_BEGELEIDING"),
    Condition(3, "who needs guidance gets Wmo in spite of a door", "family_parenting", 19,
              {**help_before_18(), "needs": {"family_parenting": "guidance"}}, "wmo"),
    Condition(4, "a minor is reported and helped", "safety_violence", 17, {}, "vt jw",
              "MELDCODE_STEPS VARIANT_OVERRIDDEN_BY_SAFETY"),
    Condition(4, "an adult who needs a place gets shelter", "safety_violence", 22,
              {"safe_place_needed": True}, "vt wmo_shelter", "KINDCHECK"),
    Condition(4, "acute danger comes first", "safety_violence", 22, {"acute_danger": True}, "emergency vt",
              "CALL_FIRST_THEN_REGISTER"),
    Condition(5, "a minor without a roof is youth help", "housing", 17, {"homeless": True}, "jw"),
    Condition(5, "an adult without a roof gets shelter", "housing", 19,
              {"homeless": True, "youth_help": None}, "wmo_shelter"),
    Condition(6, "debts of a minor", "debts", 15, {}, "wgs",
              "HUMAN_REVIEW WGS_MINOR_CHECK CONTRACT_VOIDABLE_CHECK"),
    Condition(7, "a bol student has student finance", "income", 20, {}, "none", "PW_STUDENT_EXCLUDED"),
    Condition(7, "a bol student just 18 waits for the quarter", "income", 18, {"born": date(2008, 8, 1)},
              "pw", "STUDENT_FINANCE_QUARTER_GAP HUMAN_REVIEW"),
    Condition(7, "a bbl student is not excluded", "income", 20, {"enrolment": "bbl"}, "pw",
              "PW_BBL_NOT_EXCLUDED_BY_TEXT"),
    Condition(7, "a bol student without student finance", "income", 20, {"student_finance": False}, "pw",
              "DUO_CHECK HUMAN_REVIEW"),
    Condition(7, "who cannot earn beside the study", "income", 20, {"medical_bar_to_side_job": True},
              "pw_study", "MEDICAL_ADVICE"),
    Condition(7, "the allowance under 18 is doubtful", "income", 17,
              {"medical_bar_to_side_job": True, "student_finance": True}, "pw_study", "HUMAN_REVIEW"),
    Condition(8, "the search period can be waived", "income", 24, {"enrolment": "none"}, "pw",
              "PW_ZOEKTERMIJN_4_WEEKS PW_ZOEKTERMIJN_WAIVER_POSSIBLE PW_BACKDATING_POSSIBLE"),
    Condition(8, "a youth norm with a supplement", "income", 20, {"enrolment": "none"}, "pw",
              "PW_YOUTH_NORM_18_20 PW_UNDER21_SUPPLEMENT PW_EDUCATION_CHECK"),
    Condition(8, "no assistance in an institution", "income", 20,
              {"enrolment": "none", **stay("protected_living")}, "pw",
              "PW_EXCLUDED_18_20_IN_INSTITUTION SPECIAL_ASSISTANCE_CHECK"),
    Condition(9, "article 10f until 2025", "work_participation", 20, {"on": date(2025, 12, 31)}, "pw",
              "PW_10F_DISCRETIONARY"),
    Condition(9, "article 10f at 17 until 2025", "work_participation", 17,
              {"on": date(2025, 12, 31), "school_board_requests_work_support": True}, "pw",
              "PW_10F_DISCRETIONARY"),
    Condition(9, "the board asks since 2026", "work_participation", 17,
              {"school_board_requests_work_support": True}, "pw", "PW_7A_SCHOOL_REQUEST"),
    Condition(9, "without a request school comes first", "work_participation", 17, {}, "lpw"),
    Condition(10, "no capacity for work, lastingly", "work_participation", 24,
              {"lasting_incapacity_for_work": True}, "wajong"),
    Condition(10, "already a Wajong benefit", "work_participation", 30, {"wajong": True}, "wajong"),
    Condition(11, "both halves open the special door", "disability_id", 19,
              {"behaviour_problems": True, "residential_treatment_unfinished": True, "youth_help": None},
              "wlz"),
    Condition(11, "one half opens nothing", "disability_id", 19,
              {"residential_treatment_unfinished": True, "youth_help": None}, "wmo"),
    Condition(11, "apply before 18", "disability_id", 17,
              {"behaviour_problems": True, "residential_treatment_unfinished": True}, "jw",
              "APPLY_BEFORE_18"),
    Condition(12, "guidance of a minor", "disability_phys", 17,
              {"needs": {"disability_phys": "guidance"}}, "jw"),
    Condition(12, "personal care of a minor", "disability_phys", 17,
              {"needs": {"disability_phys": "personal_care"}}, "jw"),
    Condition(12, "nursing of a minor", "disability_phys", 17,
              {"needs": {"disability_phys": "nursing"}}, "zvw"),
    Condition(12, "aids of a minor", "disability_phys", 17,
              {"needs": {"disability_phys": "aids_and_adaptations"}}, "wmo", "WMO_UNDER_18_AIDS"),
    Condition(13, "guidance under the Jeugdwet stops at 18", "self_reliance", 18,
              help_before_18(type="guidance"), "wmo", "EXT_JW_NOT_FOR_BEGELEIDING"),
    Condition(13, "protected living holds the coaching", "self_reliance", 20, stay("protected_living"),
              "wmo_protected"),
    Condition(14, "the school year of 16 runs on", "absence_dropout", 16,
              {"on": date(2026, 7, 31), "absence_hours_in_four_weeks": 16}, "lpw",
              "LEERPLICHT_STILL_RUNNING STATUTORY_REPORT_16H_4WEEKS"),
    Condition(14, "then the qualification duty", "absence_dropout", 16,
              {"on": date(2026, 8, 1), "absence_hours_in_four_weeks": 16}, "lpw",
              "KWALIFICATIEPLICHT STATUTORY_REPORT_16H_4WEEKS"),
    Condition(14, "twelve school years end compulsory schooling", "absence_dropout", 15,
              {"school_years_completed": 12}, "lpw", "KWALIFICATIEPLICHT"),
    Condition(14, "with a start qualification the school only", "absence_dropout", 17,
              {"start_qualification": True, "absence_hours_in_four_weeks": 20}, "edu",
              "NO_STATUTORY_REPORT_START_QUALIFICATION AGE_NOT_DECISIVE"),
    Condition(15, "exempt at 17 and not enrolled", "absence_dropout", 17,
              {"exempt_from_qualification_duty": True, "enrolment": "none"}, "web_rmc",
              "CONSULT_SCHOOL_FIRST AGE_NOT_DECISIVE"),
    Condition(15, "absent for four weeks", "absence_dropout", 19, {"absence_weeks": 4}, "web_rmc",
              "STATUTORY_REPORT_4_WEEKS DUO_ABSENCE_5_WEEKS"),
    Condition(15, "absent for three weeks", "absence_dropout", 19, {"absence_weeks": 3}, "edu"),
    Condition(15, "not enrolled at 26", "absence_dropout", 26, {"enrolment": "none"}, "web_rmc",
              "LAW_VERSION_2026"),
    Condition(15, "not enrolled at 22 before 2026", "absence_dropout", 22,
              {"enrolment": "none", "on": date(2025, 12, 31)}, "web_rmc"),
    Condition(15, "not enrolled at 23 before 2026", "absence_dropout", 23,
              {"enrolment": "none", "on": date(2025, 12, 31)}, "none", "DOORSTROOMPUNT_AGE_ENDED"),
    Condition(15, "a start qualification and not enrolled", "absence_dropout", 20,
              {"enrolment": "none", "start_qualification": True}, "none"),
    Condition(16, "judged under Sr 77c", "justice", 30, {"criminal_measure": "juvenile_law"}, "jw_crim",
              "JW_CRIM_NO_UPPER_AGE"),
    Condition(16, "adult probation", "justice", 19, {"criminal_measure": "adult_probation"}, "none",
              "NOT_MUNICIPAL_PROBATION"),
    Condition(17, "a child at 24", "pregnancy_parenthood", 24, {"children": (Child(),)}, "jw",
              "JW_VIA_CHILD_NOT_STUDENT_AGE JGZ KINDCHECK"),
    Condition(17, "a child and pregnant at 17", "pregnancy_parenthood", 17,
              {"children": (Child(),), "pregnant": True}, "jw jw zvw wpg", "MINOR_PARENT_GUARDIANSHIP"),
    Condition(17, "neither child nor pregnant", "pregnancy_parenthood", 19,
              {"children": None, "pregnant": False}, "none"),
    Condition(18, "care for somebody elsewhere", "informal_care", 20,
              {"care_recipient_municipality": "0166"}, "wmo"),
    Condition(19, "Wmo falls away abroad", "self_reliance", 21, {"residence": {"status": "abroad"}}, "none",
              "FOREIGN_RESIDENCE NOT_MUNICIPAL HUMAN_REVIEW"),
    Condition(19, "debt help falls away abroad", "debts", 17, {"residence": {"status": "abroad"}}, "none"),
    Condition(19, "assistance falls away abroad", "income", 30, {"residence": {"status": "abroad"}}, "none"),
    Condition(19, "aids of a minor fall away abroad", "disability_phys", 17,
              {"residence": {"status": "abroad"}, "needs": {"disability_phys": "aids_and_adaptations"}},
              "none"),
    Condition(19, "the school's task stays abroad", "learning", 21, {"residence": {"status": "abroad"}},
              "edu"),
    Condition(19, "the Jeugdwet stays for a minor abroad", "family_parenting", 17,
              {"residence": {"status": "abroad", "actual_stay_municipality": "0166"}}, "jw",
              "HUMAN_REVIEW"),
    Condition(19, "the Jeugdwet stays abroad with a door", "family_parenting", 19,
              {"residence": {"status": "abroad", "actual_stay_municipality": "0166"}, **help_before_18()},
              "jw_ext"),
    Condition(19, "insured and living abroad", "mental_health", 21,
              {"residence": {"status": "abroad"}, "insured_in_netherlands": False, "youth_help": None},
              "none"),
    Condition(19, "a minor without lawful residence", "family_parenting", 17, {"lawful_residence": False},
              "jw", "MINOR_WITHOUT_STATUS_COVERED PROVISION_MAX_HALF_YEAR"),
    Condition(19, "a minor without it gets no debt help", "debts", 17, {"lawful_residence": False}, "none"),
    Condition(19, "an adult without it gets no foster care", "family_parenting", 19,
              {"lawful_residence": False, **stay("foster_care")}, "none", "HUMAN_REVIEW"),
    Condition(19, "an adult without it gets no extension", "disability_id", 19,
              {"lawful_residence": False, "needs": {"disability_id": "treatment"}, **help_before_18()},
              "none", "HUMAN_REVIEW"),
    Condition(19, "an adult without it gets no shelter", "safety_violence", 19,
              {"lawful_residence": False, "safe_place_needed": True}, "vt"),
    Condition(20, "a psychiatric disorder from 18", "mental_health", 19, {"lasting_need_for_care": True},
              "wlz", "WLZ_CHECK_CIZ"),
    Condition(20, "not before 18", "mental_health", 17, {"lasting_need_for_care": True}, "jw",
              "FROM_18_ONLY"),
    Condition(20, "not when judged under Sr 77c", "mental_health", 19,
              {"lasting_need_for_care": True, "criminal_measure": "juvenile_law"}, "zvw"),
]  # fmt: skip


@pytest.mark.parametrize("case", CONDITIONS, ids=lambda case: f"{case.number}: {case.sentence}")
def test_a_condition_of_the_matrix(
    case: Condition, decide: Callable[..., Any], provisions: Callable[..., str]
) -> None:
    given = {"age": case.age, **case.facts}
    assert provisions(case.domain, **given) == case.expected
    raised = {warning.code for warning in decide(case.domain, **given).warnings}
    assert set(case.warnings.split()) <= raised


def test_every_condition_has_a_case() -> None:
    assert {case.number for case in CONDITIONS} == set(range(1, 21))


# LAW 3.2 in its order: each row adds a fact that an earlier test of the list answers to.
ORDER: Final = [
    ("family_parenting", {"criminal_measure": "juvenile_law"}, "jw_crim"),
    ("family_parenting", {}, "jw_foster21"),
    ("housing", {}, "jw_foster21"),
    ("disability_id", {"criminal_measure": "juvenile_law"}, "jw_crim"),
    ("disability_id", {}, "wlz"),
    ("mental_health", {}, "wlz"),
    ("mental_health", {"lasting_need_for_care": False}, "zvw"),
    ("self_reliance", {}, "wmo"),
    ("disability_id", {"lasting_need_for_care": False}, "jw_ext"),
    ("disability_id", {"lasting_need_for_care": False, "needs": None}, "wmo"),
    ("social_network", {}, "wmo"),
]


@pytest.mark.parametrize(("domain", "facts", "expected"), ORDER)
def test_between_18_and_22_the_tests_have_an_order(
    domain: str, facts: dict[str, Any], expected: str, provisions: Callable[..., str]
) -> None:
    everything = {
        "lasting_need_for_care": True,
        "needs": {"disability_id": "treatment"},
        **stay("foster_care"),
        **help_before_18(continuation_decided=True),
    }
    assert provisions(domain, age=19, **{**everything, **facts}) == expected
