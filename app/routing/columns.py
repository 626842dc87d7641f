"""The closed list of derived facts that a rule's conditions may name: their values and what to ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from app.routing.dates import AGE_BORDERS
from app.routing.facts import CriminalMeasure, Enrolment, Need, ResidenceStatus, StayKind, Threat

YES_NO: Final = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Column:
    """A derived fact: every value it can have, the usual one first, and the told fact that decides it.

    `derived_from` names the told facts it comes from where it is more than a copy of `asks`.
    """

    values: tuple[str, ...]
    asks: str
    derived_from: tuple[str, ...] = ()


def _circumstance(name: str, values: tuple[str, ...] = YES_NO) -> Column:
    return Column(values, f"circumstances.{name}")


def _birth(*values: str) -> Column:
    return Column(values, "student.birthDate", ("student.birthDate", "referenceDate"))


_HELP = ("circumstances.youthHelp", "residence.stay", "student.birthDate", "referenceDate")

COLUMNS: Final[Mapping[str, Column]] = {
    # The first year of the bracket (LAW 1.2); shown as the age itself, so not as a derived fact.
    "age": Column(("0", *map(str, AGE_BORDERS)), "student.birthDate"),
    # EX-20: whether the school year of the sixteenth birthday still runs.
    "sixteenth_school_year": _birth("running", "over"),
    "turns_18": _birth("no", "today", "tomorrow", "within_6_months", "within_12_months"),
    "border_tomorrow": _birth("none", "21", "23", "27"),
    "leap_day_birth": _birth("no", "yes"),
    "twelve_school_years": _circumstance("schoolYearsCompleted"),
    "start_qualification": _circumstance("startQualification"),
    "exempt": _circumstance("exemptFromQualificationDuty"),
    "absent_16_hours": Column(
        YES_NO,
        "circumstances.absenceHoursInFourWeeks",
        ("circumstances.absenceHoursInFourWeeks", "circumstances.absenceWeeks"),
    ),
    "absent_4_weeks": _circumstance("absenceWeeks"),
    "enrolled": _circumstance("enrolment", get_args(Enrolment)),
    "student_finance": Column(
        ("no", "yes", "gap"),
        "circumstances.studentFinance",
        ("circumstances.enrolment", "circumstances.studentFinance", "student.birthDate"),
    ),
    # JW-06: the doors of extended youth help, for type 1 alone (JW-07).
    "extension": Column(
        ("closed", "undecided", "needed_before_18", "decided"), "circumstances.youthHelp", _HELP
    ),
    "half_year": Column(("none", "open", "lapsed"), "circumstances.youthHelp", _HELP),
    "help_mental_health": Column(("closed", "open"), "circumstances.youthHelp", _HELP),
    "help_guidance": Column(("closed", "open"), "circumstances.youthHelp", _HELP),
    "foster_care": Column(YES_NO, "residence.stay", ("residence.stay", "student.birthDate")),
    "stay": Column(("none", *get_args(StayKind)), "residence.stay"),
    "criminal": _circumstance("criminalMeasure", ("none", *get_args(CriminalMeasure))),
    "need": _circumstance("needs", ("common", *get_args(Need))),
    "lasting_care": _circumstance("lastingNeedForCare"),
    "behaviour_problems": _circumstance("behaviourProblems"),
    "treatment_unfinished": _circumstance("residentialTreatmentUnfinished"),
    "acute": _circumstance("acuteDanger"),
    "parents_involved": _circumstance("parentsPossiblyInvolved"),
    "parents_object": _circumstance("parentsObject"),
    "threat": _circumstance("threateningSituation", ("none", *get_args(Threat))),
    "homeless": _circumstance("homeless"),
    "safe_place": _circumstance("safePlaceNeeded"),
    "school_request": _circumstance("schoolBoardRequestsWorkSupport"),
    "medical_bar": _circumstance("medicalBarToSideJob"),
    "wajong": _circumstance("wajong"),
    "lasting_incapacity": _circumstance("lastingIncapacityForWork"),
    "pregnant": _circumstance("pregnant"),
    "children": _circumstance("children"),
    "partner": Column(("none", "under_27", "from_27"), "circumstances.single"),
    "lawful": _circumstance("lawfulResidence", ("yes", "no")),
    "insured": _circumstance("insuredInNetherlands", ("yes", "no")),
    "address": Column(get_args(ResidenceStatus), "residence.status"),
}

# How sure a reading is. A presumed value is used and named; a blocking one holds a route back where
# another value would change it; the last one does so too, and asks the birth date that an age in
# whole years hides.
TOLD, PRESUMED, BLOCKING, HIDDEN_BY_AGE = "=", "?", "!", "#"


def asked_by(column: str, mark: str, domain: str) -> str:
    """The told fact to ask for when this reading is in doubt, as a path in the request."""
    if mark == HIDDEN_BY_AGE:
        return "student.birthDate"
    asks = COLUMNS[column].asks
    return f"{asks}.{domain}" if column == "need" else asks
