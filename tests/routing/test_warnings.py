"""Every warning of the rulebook: a case that raises it, and one close by that does not (LAW 11.2)."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest

from app.routing import Decision, Rulebook
from app.routing.facts import Child, Stay, StayKind, YouthHelp

ON: Final = date(2026, 9, 1)
OLD: Final = date(2025, 9, 1)
V2, V3 = "municipal_youth_team", "mbo_as_neighbourhood"


def stay(kind: StayKind) -> dict[str, Any]:
    return {"residence": {"stay": Stay(kind=kind, since=date(2018, 1, 1)), "previous_municipality": "0166"}}


def helped(**given: Any) -> dict[str, Any]:
    running = {"type": "pedagogical", "started_on": date(2018, 1, 1), "ongoing": True}
    return {"youth_help": (YouthHelp(**{**running, **given}),)}


def told(**given: Any) -> dict[str, Any]:
    return {"told": given}


def at(**given: Any) -> dict[str, Any]:
    return {"residence": given}


NEEDED: Final = helped(need_established_on=date(2020, 1, 1))
ENDED: Final = helped(ongoing=False, ended_on=date(2026, 4, 1))
LAPSED: Final = helped(ongoing=False, ended_on=date(2026, 1, 1))
AIDS: Final = {"needs": {"disability_phys": "aids_and_adaptations"}}
NURSING: Final = {"needs": {"disability_phys": "nursing"}}
BEHAVIOUR: Final = {"behaviour_problems": True, "residential_treatment_unfinished": True}
NONE: Final[dict[str, Any]] = {}

# code, domains, a case that raises it, a case that does not: an age or a birth date, and facts
TABLE: Final[list[tuple[str, str, tuple[Any, dict[str, Any]], tuple[Any, dict[str, Any]]]]] = [
    ("HUMAN_REVIEW", "debts", (17, NONE), (18, NONE)),
    ("AGE_18_TODAY", "learning", (date(2008, 9, 1), NONE), (date(2008, 9, 2), NONE)),
    ("AGE_18_TOMORROW", "learning", (date(2008, 9, 2), NONE), (date(2008, 9, 1), NONE)),
    ("AGE_18_WITHIN_6_MONTHS", "learning", (date(2009, 3, 1), NONE), (date(2009, 3, 2), NONE)),
    ("AGE_18_WITHIN_12_MONTHS", "learning", (date(2009, 9, 1), NONE), (date(2009, 9, 2), NONE)),
    ("AGE_21_TOMORROW", "learning", (date(2005, 9, 2), NONE), (date(2005, 9, 1), NONE)),
    ("AGE_23_TOMORROW", "learning", (date(2003, 9, 2), NONE), (date(2003, 9, 3), NONE)),
    ("AGE_27_TOMORROW", "learning", (date(1999, 9, 2), NONE), (date(1999, 9, 1), NONE)),
    ("AGE_NOT_DECISIVE", "informal_care", (17, NONE), (18, NONE)),
    ("LEAP_DAY_BIRTH", "learning", (date(2008, 2, 29), NONE), (date(2008, 2, 28), NONE)),
    ("FROM_18_ONLY", "work_participation", (17, {"lasting_incapacity_for_work": True}), (17, NONE)),
    ("LAW_VERSION_PRE2022", "mental_health",
     (17, {"on": date(2021, 12, 31), **at(parents_municipality="0166")}),
     (17, {"on": date(2022, 1, 1)})),
    ("LAW_VERSION_PRE2026", "income", (19, {"on": date(2025, 12, 31)}), (19, {"on": date(2026, 1, 1)})),
    ("LAW_VERSION_2026", "absence_dropout", (23, NONE), (22, NONE)),
    ("LAW_HORIZON", "learning", (19, {"on": date(2027, 1, 1)}), (19, {"on": date(2026, 12, 31)})),
    ("EXT_JW_NEEDS_COLLEGE_DECISION", "family_parenting", (19, helped()),
     (19, helped(continuation_decided=True))),
    ("EXT_JW_NOT_FOR_GGZ", "mental_health", (19, helped()), (19, {"youth_help": None})),
    ("EXT_JW_NOT_FOR_BEGELEIDING", "self_reliance", (19, helped(type="guidance")), (19, helped())),
    ("EXT_JW_SECOND_LIMB", "family_parenting", (19, NEEDED), (19, helped())),
    ("WAITING_LIST", "family_parenting", (19, NEEDED), (19, helped())),
    ("EXT_JW_UNTIL_23", "family_parenting", (22, helped()), (23, helped())),
    ("EXT_JW_ENDED_23", "family_parenting", (23, helped()), (23, {"youth_help": None})),
    ("EXT_JW_HALF_YEAR_LAPSED", "family_parenting", (19, LAPSED), (19, ENDED)),
    ("HALF_YEAR_WINDOW_ENDS", "family_parenting", (19, ENDED), (19, LAPSED)),
    ("GEZINSHUIS_21_POLICY", "family_parenting", (20, stay("family_home")), (21, stay("family_home"))),
    ("KAMERTRAINING_TO_WMO", "self_reliance", (17, stay("room_training")), (17, stay("family_home"))),
    ("GAP_RISK", "housing", (date(2009, 3, 1), stay("room_training")), (date(2009, 3, 1), NONE)),
    ("GAP_RISK", "self_reliance", (date(2009, 3, 1), helped(type="guidance")), (date(2009, 3, 1), NONE)),
    ("MUNICIPALITY_FLIP_AT_18", "housing", (date(2009, 3, 1), stay("room_training")),
     (date(2009, 3, 2), stay("room_training"))),
    ("JW_CRIM_NO_UPPER_AGE", "justice", (30, {"criminal_measure": "juvenile_law"}),
     (30, {"criminal_measure": "adult_probation"})),
    ("CRIMINAL_DATA_RESTRICTED", "justice", (17, NONE), (18, NONE)),
    ("JW_VIA_CHILD_NOT_STUDENT_AGE", "pregnancy_parenthood", (24, {"children": (Child(),)}),
     (24, {"children": None, "pregnant": True})),
    ("JGZ", "pregnancy_parenthood", (24, {"pregnant": True}), (24, NONE)),
    ("KINDCHECK", "safety_violence", (18, NONE), (17, NONE)),
    ("MINOR_PARENT_GUARDIANSHIP", "pregnancy_parenthood", (17, {"children": (Child(),)}),
     (18, {"children": (Child(),)})),
    ("HANDOVER_TO_WMO", "family_parenting", (date(2003, 9, 2), helped()), (date(2003, 9, 3), helped())),
    ("HANDOVER_TO_WMO", "self_reliance", (date(2009, 3, 1), NONE), (date(2009, 3, 2), NONE)),
    ("TRANSITION_PLAN_DUE", "mental_health", (date(2009, 3, 1), NONE), (date(2009, 3, 2), NONE)),
    ("CONTINUITY_WITH_PROVIDER", "mental_health", (19, helped(type="mental_health")), (19, helped())),
    ("GGZ_ZVW_FROM_18", "addiction", (date(2008, 9, 1), NONE), (date(2008, 8, 31), NONE)),
    ("OWN_INSURANCE_CHECK", "physical_health", (date(2008, 9, 1), NONE), (date(2008, 8, 31), NONE)),
    ("OWN_INSURANCE_CHECK", "physical_health", (19, {"insured_in_netherlands": False}), (19, NONE)),
    ("NOT_MUNICIPAL", "physical_health", (19, NONE), (19, {**told(problem_domains=("debts",))})),
    ("NOT_MUNICIPAL_PROBATION", "justice", (19, {"criminal_measure": "adult_probation"}),
     (19, {"criminal_measure": None})),
    ("WLZ_CHECK_CIZ", "disability_id", (19, {"lasting_need_for_care": True}), (19, NONE)),
    ("APPLY_BEFORE_18", "disability_id", (17, BEHAVIOUR), (18, BEHAVIOUR)),
    ("WMO_SIX_WEEKS_INVESTIGATION", "self_reliance", (18, NONE), (17, NONE)),
    ("WMO_UNDER_18_AIDS", "disability_phys", (17, AIDS), (17, NURSING)),
    ("SCHOOL_PREVENTION_PRESENT", "addiction", (18, NONE), (17, NONE)),
    ("PW_ZOEKTERMIJN_4_WEEKS", "income", (24, {"enrolment": "none"}),
     (24, {"enrolment": "none", "partner_age": 27})),
    ("PW_ZOEKTERMIJN_WAIVER_POSSIBLE", "income", (24, {"enrolment": "none", "single": False}),
     (24, {"enrolment": "none", "on": OLD})),
    ("PW_BACKDATING_POSSIBLE", "income", (30, NONE), (30, {"on": OLD})),
    ("PW_EDUCATION_CHECK", "income", (24, {"enrolment": "leaving"}), (24, {"enrolment": "bbl"})),
    ("PW_YOUTH_NORM_18_20", "income", (20, {"enrolment": "none"}), (21, {"enrolment": "none"})),
    ("PW_UNDER21_SUPPLEMENT", "income", (20, {"enrolment": "none"}), (20, {"enrolment": "none", "on": OLD})),
    ("PW_STUDENT_EXCLUDED", "income", (26, NONE), (27, NONE)),
    ("PW_BBL_NOT_EXCLUDED_BY_TEXT", "income", (20, {"enrolment": "bbl"}), (20, {"enrolment": "none"})),
    ("PW_EXCLUDED_18_20_IN_INSTITUTION", "income", (20, {"enrolment": "none", **stay("protected_living")}),
     (21, {"enrolment": "none", **stay("protected_living")})),
    ("PW_10F_DISCRETIONARY", "work_participation", (20, {"on": OLD}), (20, NONE)),
    ("PW_7A_DISCRETIONARY", "work_participation", (20, NONE), (20, {"on": OLD})),
    ("PW_7A_SCHOOL_REQUEST", "work_participation", (20, {"school_board_requests_work_support": True}),
     (20, NONE)),
    ("STUDENT_FINANCE_QUARTER_GAP", "income", (date(2008, 8, 1), NONE), (date(2008, 6, 1), NONE)),
    ("SPECIAL_ASSISTANCE_CHECK", "income", (20, NONE), (20, {"enrolment": "none"})),
    ("DUO_CHECK", "income", (20, NONE), (20, {"enrolment": "bbl"})),
    ("STUDIETOESLAG_OPTION", "income", (20, {"medical_bar_to_side_job": True}), (20, NONE)),
    ("MEDICAL_ADVICE", "income", (20, {"medical_bar_to_side_job": True}),
     (20, {"medical_bar_to_side_job": True, "wajong": True})),
    ("SPECIAL_CATEGORY_DATA", "income", (20, {"medical_bar_to_side_job": True}), (20, NONE)),
    ("WGS_THREE_WORKING_DAYS", "debts", (20, {"threatening_situation": "eviction"}), (20, NONE)),
    ("WGS_MINOR_CHECK", "debts", (17, NONE), (18, NONE)),
    ("CONTRACT_VOIDABLE_CHECK", "debts", (17, NONE), (18, NONE)),
    ("PARENTS_NEEDED_FOR_LEGAL_ACTS", "debts", (17, NONE), (18, NONE)),
    ("LEERPLICHT_STILL_RUNNING", "absence_dropout", (15, NONE), (16, NONE)),
    ("KWALIFICATIEPLICHT", "absence_dropout", (17, NONE), (18, NONE)),
    ("STATUTORY_REPORT_16H_4WEEKS", "absence_dropout", (17, {"absence_hours_in_four_weeks": 16}),
     (17, {"absence_hours_in_four_weeks": 15})),
    ("STATUTORY_REPORT_4_WEEKS", "absence_dropout", (19, {"absence_weeks": 4}), (19, {"absence_weeks": 3})),
    ("DUO_ABSENCE_5_WEEKS", "absence_dropout", (19, {"absence_weeks": 4, "enrolment": "bol"}),
     (19, {"absence_weeks": 4, "enrolment": "bbl"})),
    ("CONSULT_SCHOOL_FIRST", "absence_dropout",
     (17, {"exempt_from_qualification_duty": True, "absence_weeks": 4}),
     (17, {"exempt_from_qualification_duty": True, "absence_weeks": 3})),
    ("NO_STATUTORY_REPORT_START_QUALIFICATION", "absence_dropout", (19, {"start_qualification": True}),
     (19, NONE)),
    ("DOORSTROOMPUNT", "absence_dropout", (26, {"enrolment": "none"}), (27, {"enrolment": "none"})),
    ("DOORSTROOMPUNT_AGE_ENDED", "absence_dropout", (27, {"enrolment": "none"}), (26, {"enrolment": "none"})),
    ("CONTACT_MUNICIPALITY_REGION", "absence_dropout", (19, {"absence_weeks": 4}), (19, NONE)),
    ("INFORM_PARENTS_FACTS_ONLY", "absence_dropout", (17, NONE), (18, NONE)),
    ("NO_REFERRAL_NEEDED", "learning", (17, NONE), (17, told(problem_domains=("debts",)))),
    ("SUPPORT_AGREEMENT_IN_WRITING", "learning", (17, NONE), (17, told(problem_domains=("debts",)))),
    ("MELDCODE_STEPS", "safety_violence", (17, NONE), (17, told(problem_domains=("debts",)))),
    ("MELDCODE_ALSO_FOR_ADULTS", "safety_violence", (18, NONE), (17, NONE)),
    ("TALK_FIRST_UNLESS_UNSAFE", "safety_violence", (17, NONE), (17, {"parents_possibly_involved": True})),
    ("DO_NOT_INFORM_PARENTS_FIRST", "safety_violence", (17, {"parents_possibly_involved": True}), (17, NONE)),
    ("SECRET_ADDRESS_HANDLING", "debts", (19, at(status="secret")), (19, NONE)),
    ("CALL_FIRST_THEN_REGISTER", "addiction", (19, {"acute_danger": True}), (19, NONE)),
    ("PARENT_OBJECTION_NOT_BLOCKING", "debts", (16, {"parents_object": True}),
     (15, {"parents_object": True})),
    ("CONSENT_ADULT_NOT_PARENT", "debts", (18, {"parents_object": True}), (17, {"parents_object": True})),
    ("CONSENT_ADULT_NOT_PARENT", "family_parenting", (18, helped()), (17, helped())),
    ("CONSENT_DOUBLE_FOR_HELP_12_15", "mental_health", (15, NONE), (16, NONE)),
    ("CONSENT_PER_RECIPIENT", "debts", (17, told(problem_domains=("debts", "learning"))), (18, NONE)),
    ("NO_GENERAL_SHARING_ACT", "debts", (19, told(problem_domains=("debts", "self_reliance"))), (19, NONE)),
    ("BRIEFADRES_DUTY", "debts", (19, at(status="not_registered")), (19, at(status="postal_address"))),
    ("BRP_MISSING", "debts", (19, at(status="not_registered")), (19, NONE)),
    ("BRP_UNDER_INVESTIGATION", "debts", (19, at(status="under_investigation")), (19, NONE)),
    ("BRP_DIFFERS_FROM_ACTUAL", "mental_health", (17, at(actual_stay_municipality="0166")),
     (17, at(actual_stay_municipality="0193"))),
    ("MOTHER_AT_BIRTH_RULE", "mental_health",
     (17, at(status="under_investigation", mother_municipality_at_birth="0166")),
     (17, at(mother_municipality_at_birth="0166"))),
    ("PARENTS_ELSEWHERE_IRRELEVANT", "mental_health", (17, at(parents_municipality="0166")),
     (17, at(parents_municipality="0193"))),
    ("RESIDENTIAL_PREV_MUNICIPALITY", "mental_health", (17, stay("foster_care")), (17, NONE)),
    ("WLZ_STAY_PREV_MUNICIPALITY", "mental_health", (17, stay("wlz_institution")),
     (17, {**stay("wlz_institution"), "on": date(2024, 12, 31)})),
    ("CONTINUATION_ONE_YEAR_AFTER_MOVE", "mental_health", (17, at(moved_on=date(2025, 9, 1))),
     (17, at(moved_on=date(2025, 8, 31)))),
    ("TWO_MUNICIPALITIES", "family_parenting",
     (20, {**stay("foster_care"), **told(problem_domains=("family_parenting", "debts"))}),
     (20, stay("foster_care"))),
    ("TWO_MUNICIPALITIES", "housing",
     (20, {"homeless": True, **at(municipality_approached="0166"), "youth_help": None,
           **told(problem_domains=("housing", "debts"))}),
     (20, {"homeless": True, "youth_help": None, **at(municipality_approached="0166"),
           **told(problem_domains=("housing", "safety_violence"))})),
    ("FOREIGN_RESIDENCE", "debts", (19, at(status="abroad")), (19, NONE)),
    ("NO_BSN", "debts", (19, {"lawful_residence": False}), (19, NONE)),
    ("MINOR_WITHOUT_STATUS_COVERED", "mental_health", (17, {"lawful_residence": False}), (17, NONE)),
    ("PROVISION_MAX_HALF_YEAR", "mental_health", (17, {"lawful_residence": False}),
     (18, {"lawful_residence": False})),
    ("CROSS_BORDER_NO_AGREEMENT", "social_network", (19, told(support_variant=V2, home_municipality="0166")),
     (19, told(support_variant=V2, home_municipality="0177"))),
    ("CROSS_BORDER_AGREEMENT_USED", "social_network",
     (19, told(support_variant=V2, home_municipality="0177")),
     (19, told(support_variant=V2))),
    ("VARIANT_NOT_APPLICABLE", "learning", (19, told(support_variant=V3)), (19, NONE)),
    ("VARIANT_OVERRIDDEN_BY_SAFETY", "debts", (19, {"acute_danger": True}), (19, NONE)),
    ("MULTI_FRAMEWORK_COORDINATION", "safety_violence", (17, NONE), (18, NONE)),
    ("MUNICIPALITY_MERGED", "learning", (17, told(merged=("homeMunicipality",))), (17, NONE)),
    ("TEAM_NOT_REGISTERED", "debts", (19, told(home_municipality="0014")), (19, NONE)),
    ("TEAM_NOT_CONFIRMED", "debts", (19, {"on": date(2027, 9, 2)}), (19, {"on": date(2027, 9, 1)})),
]  # fmt: skip


def raised(decide: Callable[..., Decision], domain: str, case: tuple[Any, dict[str, Any]]) -> set[str]:
    when, facts = case
    age = {"born": when} if isinstance(when, date) else {"age": when}
    return {warning.code for warning in decide(domain, **age, **facts).warnings}


@pytest.mark.parametrize(
    ("code", "domain", "one", "other"),
    [pytest.param(*row, id=f"{row[0]} for {row[1]}") for row in TABLE],
)
def test_a_warning_is_raised_where_it_belongs_and_not_beside_it(
    code: str, domain: str, one: tuple[Any, dict[str, Any]], other: tuple[Any, dict[str, Any]],
    decide: Callable[..., Decision],
) -> None:  # fmt: skip
    assert code in raised(decide, domain, one)
    assert code not in raised(decide, domain, other)


def test_a_municipality_that_was_responsible_before_is_no_flip(decide: Callable[..., Decision]) -> None:
    carer = decide("informal_care", born=date(2009, 1, 1), care_recipient_municipality="0166")
    bodies = [route.responsible for route in carer.routes if route.responsible]
    assert {body.municipality.code for body in bodies if body.municipality} == {"0166", "0193"}
    assert "MUNICIPALITY_FLIP_AT_18" not in {warning.code for warning in carer.warnings}


def test_the_flip_names_the_new_municipality_and_its_day(decide: Callable[..., Decision]) -> None:
    decision = decide("housing", born=date(2009, 1, 1), **stay("room_training"))
    (flip,) = [w for w in decision.warnings if w.code == "MUNICIPALITY_FLIP_AT_18"]
    assert flip.municipality is not None
    assert (flip.on, flip.municipality.code) == (date(2027, 1, 1), "0193")


TERMS: Final = [
    ("debts", 19, NONE, {"first_contact": 8, "debt_first_talk": 28}),
    ("debts", 19, {"threatening_situation": "eviction"},
     {"first_contact": 8, "debt_first_talk_threatening": 3}),
    ("self_reliance", 19, NONE, {"first_contact": 8, "wmo_investigation": 42, "wmo_decision": 56}),
    ("safety_violence", 19, NONE, {"veilig_thuis_triage": 5, "veilig_thuis_informs": 28}),
    ("family_parenting", 17, NONE, {"first_contact": 8, "youth_help_decision": 56}),
    ("income", 19, {"enrolment": "none"}, {"first_contact": 8, "assistance_application": 28}),
    ("mental_health", 19, NONE, {}),
    ("justice", 19, NONE, {}),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "age", "facts", "terms"), TERMS)
def test_the_terms_of_a_route(
    domain: str, age: int, facts: dict[str, Any], terms: dict[str, int], decide: Callable[..., Decision]
) -> None:
    decision = decide(domain, age=age, **facts)
    assert {deadline.kind: deadline.days for deadline in decision.deadlines} == terms


def test_every_warning_of_the_rulebook_is_in_the_table(book: Rulebook) -> None:
    assert {row[0] for row in TABLE} == set(book.notes_by_code)
