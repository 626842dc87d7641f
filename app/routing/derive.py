"""Told facts to readings: one marked value for each column that a rule may name."""

from collections.abc import Mapping
from datetime import date, timedelta

from app.routing.columns import BLOCKING, HIDDEN_BY_AGE, PRESUMED, TOLD
from app.routing.dates import (
    AGE_BORDERS,
    add_months,
    age_on,
    birthday,
    school_year_end,
    student_finance_from,
)
from app.routing.facts import ABSENT, Absent, Facts, ProblemDomain
from app.routing.youth_help import youth_help_readings

Readings = dict[str, str]


def age_in_years(facts: Facts, on: date) -> int | None:
    """Whole years of age on a day; None when neither birth date nor age was told."""
    return facts.age_years if facts.birth_date is None else age_on(facts.birth_date, on)


def derive(facts: Facts, on: date) -> Readings:
    """The readings that hold for every domain on a day: column -> mark + value."""
    return {**_lasting_readings(facts), **readings_of_day(facts, on)}


def readings_of_day(facts: Facts, on: date) -> Readings:
    """Those readings that another day may change."""
    age = age_in_years(facts, on)
    return {
        **_birth_readings(facts.birth_date, age, on),
        **youth_help_readings(facts, age, on),
        "student_finance": _student_finance(facts, age, on),
    }


def _lasting_readings(facts: Facts) -> Readings:
    circumstances, residence = facts.circumstances, facts.residence
    stay = residence.stay
    return {
        "twelve_school_years": _at_least(circumstances.school_years_completed, 12),
        "start_qualification": _yes(circumstances.start_qualification),
        "exempt": _yes(circumstances.exempt_from_qualification_duty),
        "absent_16_hours": _absent_16_hours(facts),
        "absent_4_weeks": _at_least(circumstances.absence_weeks, 4),
        "enrolled": _one(circumstances.enrolment, "bol"),
        "stay": PRESUMED + "none" if stay is ABSENT else TOLD + (stay.kind if stay else "none"),
        "lasting_care": _yes(circumstances.lasting_need_for_care),
        "behaviour_problems": _yes(circumstances.behaviour_problems),
        "treatment_unfinished": _yes(circumstances.residential_treatment_unfinished),
        "parents_involved": _yes(circumstances.parents_possibly_involved),
        "parents_object": _yes(circumstances.parents_object),
        "threat": _one(circumstances.threatening_situation, "none"),
        "homeless": _yes(circumstances.homeless),
        "school_request": _yes(circumstances.school_board_requests_work_support),
        "medical_bar": _yes(circumstances.medical_bar_to_side_job),
        "wajong": _yes(circumstances.wajong),
        "lasting_incapacity": _yes(circumstances.lasting_incapacity_for_work),
        **_parenthood(facts),
        "partner": _partner(circumstances.single, circumstances.partner_age),
        "lawful": _yes(circumstances.lawful_residence, presumed="yes"),
        "insured": _yes(circumstances.insured_in_netherlands, presumed="yes"),
        "address": _one(residence.status, "registered"),
    }


def for_domain(readings: Mapping[str, str], facts: Facts, domain: ProblemDomain) -> Readings:
    """The readings with those added that differ by domain: acute, safe place, need, criminal."""
    circumstances = facts.circumstances
    criminal = _one(circumstances.criminal_measure, "none")
    if domain == "justice" and criminal[0] == PRESUMED:
        criminal = BLOCKING + "none"
    return {
        **readings,
        "acute": _acute(facts, domain),
        "safe_place": _safe_place(facts, domain),
        "need": _need(facts, domain, readings["age"][1:]),
        "criminal": criminal,
    }


def _birth_readings(born: date | None, age: int | None, on: date) -> Readings:
    if age is None:
        age_reading = BLOCKING + "16"
    else:
        age_reading = TOLD + str(max((border for border in AGE_BORDERS if border <= age), default=0))
    if born is None:
        sixteen = {True: TOLD + "running", False: TOLD + "over"}.get((age or 16) < 16)
        return {
            "age": age_reading,
            "sixteenth_school_year": HIDDEN_BY_AGE + "running" if age in (None, 16) else str(sixteen),
            "turns_18": PRESUMED + "no",
            "border_tomorrow": PRESUMED + "none",
            "leap_day_birth": PRESUMED + "no",
        }
    running = on <= school_year_end(birthday(born, 16))
    tomorrow = on + timedelta(days=1)
    border = next((b for b in (21, 23, 27) if birthday(born, b) == tomorrow), "none")
    return {
        "age": age_reading,
        "sixteenth_school_year": TOLD + ("running" if running else "over"),
        "turns_18": TOLD + _turns_18(birthday(born, 18), on),
        "border_tomorrow": f"{TOLD}{border}",
        "leap_day_birth": TOLD + ("yes" if (born.month, born.day) == (2, 29) else "no"),
    }


def _turns_18(eighteen: date, on: date) -> str:
    if eighteen <= on:
        return "today" if eighteen == on else "no"
    if eighteen == on + timedelta(days=1):
        return "tomorrow"
    if eighteen <= add_months(on, 6):
        return "within_6_months"
    return "within_12_months" if eighteen <= add_months(on, 12) else "no"


def _student_finance(facts: Facts, age: int | None, on: date) -> str:
    """PW-04b: a full-time student has none between the 18th birthday and the next quarter."""
    told, enrolled = facts.circumstances.student_finance, facts.circumstances.enrolment
    if not isinstance(told, Absent):
        return TOLD + ("yes" if told else "no")
    if enrolled not in ("bol", ABSENT, None) or age is None or age < 18:
        return PRESUMED + "no"
    if age == 18 and facts.birth_date is None:
        return HIDDEN_BY_AGE + "yes"
    if facts.birth_date is not None and on < student_finance_from(facts.birth_date):
        return PRESUMED + "gap"
    return PRESUMED + "yes"


def _parenthood(facts: Facts) -> Readings:
    pregnant, children = facts.circumstances.pregnant, facts.circumstances.children
    mark = BLOCKING if pregnant is ABSENT and children is ABSENT else PRESUMED
    return {
        "pregnant": mark + "no" if pregnant is ABSENT else TOLD + ("yes" if pregnant else "no"),
        "children": mark + "no" if children is ABSENT else TOLD + ("yes" if children else "no"),
    }


def _partner(single: bool | None | Absent, partner_age: int | None | Absent) -> str:
    if isinstance(partner_age, int):
        return TOLD + ("from_27" if partner_age >= 27 else "under_27")
    if single is False:
        return PRESUMED + "under_27"
    return (PRESUMED if single is ABSENT else TOLD) + "none"


def _acute(facts: Facts, domain: ProblemDomain) -> str:
    danger, domains = facts.circumstances.acute_danger, facts.circumstances.acute_domains
    if danger is ABSENT or not danger:
        return PRESUMED + "no" if danger is ABSENT else TOLD + "no"
    return TOLD + ("yes" if not isinstance(domains, tuple) or domain in domains else "no")


def _safe_place(facts: Facts, domain: ProblemDomain) -> str:
    """CONTRACT 2: a safe place belongs to housing when that is asked, else to safety."""
    place = "housing" if "housing" in facts.problem_domains else "safety_violence"
    reading = _yes(facts.circumstances.safe_place_needed)
    return reading if domain == place else TOLD + "no"


def need_is_asked(domain: str, age: str, need: str) -> bool:
    """CONTRACT 2: a minor's need with a physical disability has no common value, so it is asked."""
    return domain == "disability_phys" and age in ("0", "12", "16") and need == "common"


def _need(facts: Facts, domain: ProblemDomain, age: str) -> str:
    needs = facts.circumstances.needs
    told = needs.get(domain) if not isinstance(needs, Absent) and needs is not None else None
    if told is not None:
        return TOLD + told
    if need_is_asked(domain, age, "common"):
        return BLOCKING + "common"
    return (TOLD if needs is None else PRESUMED) + "common"


def _yes(told: bool | None | Absent, presumed: str = "no") -> str:
    if told is ABSENT:
        return PRESUMED + presumed
    return TOLD + ("yes" if told else "no")


def _at_least(told: int | None | Absent, bound: int) -> str:
    if isinstance(told, Absent):
        return PRESUMED + "no"
    return TOLD + ("yes" if told is not None and told >= bound else "no")


def _absent_16_hours(facts: Facts) -> str:
    """EX-23: whoever was absent for four weeks in a row was so for 16 hours of them."""
    hours, weeks = facts.circumstances.absence_hours_in_four_weeks, facts.circumstances.absence_weeks
    if hours is ABSENT and isinstance(weeks, int) and weeks >= 4:
        return TOLD + "yes"
    return _at_least(hours, 16)


def _one(told: str | None | Absent, presumed: str) -> str:
    if isinstance(told, Absent):
        return PRESUMED + presumed
    return TOLD + (told if told is not None else presumed)
