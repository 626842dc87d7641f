"""Translates the flags of a worked case into `circumstances` and `residence` of CONTRACT 2."""

from collections.abc import Callable, Mapping
from datetime import date

from app.reference.reference import open_reference
from app.reference.spelling import without_suffix
from app.routing.dates import birthday, day_before

Json = dict[str, object]
Read = Callable[[str], object]


def municipality_code(name: str) -> str:
    """Today's code of a municipality of the cases; a remark in brackets behind it is left out.

    Raises ValueError where the name does not mean exactly one municipality.
    """
    reference = open_reference()
    code = reference.resolve(name).code or reference.resolve(without_suffix(name)).code
    if code is None:
        raise ValueError(f"no single municipality of today is meant by {name!r}")
    return code


def _one_of(meanings: Mapping[str, object]) -> Read:
    def read(value: str) -> object:
        if value not in meanings:
            raise ValueError(f"{value!r} is none of {', '.join(meanings)}")
        return meanings[value]

    return read


_yes = _one_of({"yes": True, "no": False})


def _iso_date(value: str) -> str:
    return date.fromisoformat(value).isoformat()


_STATUS = {
    "registered": "registered",
    "briefadres": "postal_address",
    "postal_address": "postal_address",
    "in_onderzoek": "under_investigation",
    "under_investigation": "under_investigation",
    "never_registered": "not_registered",
    "not_registered": "not_registered",
    "secret": "secret",
    "abroad": "abroad",
}

_CIRCUMSTANCES: Mapping[str, tuple[str, Read]] = {
    "absence_hours_4_weeks": ("absenceHoursInFourWeeks", int),
    "absence_weeks": ("absenceWeeks", int),
    "acute": ("acuteDanger", _yes),
    "acute_danger": ("acuteDanger", _yes),
    "behaviour_problems": ("behaviourProblems", _yes),
    "care_recipient": ("careRecipientMunicipality", municipality_code),
    "enrolled": ("enrolment", _one_of({"no": "none", "bol": "bol", "bbl": "bbl", "leaving": "leaving"})),
    "eviction": ("threateningSituation", _one_of({"yes": "eviction", "no": None})),
    "exempt_from_qualification_duty": ("exemptFromQualificationDuty", _yes),
    "homeless": ("homeless", _yes),
    "insured_in": ("insuredInNetherlands", lambda country: country == "NL"),
    "judged_under_77c": ("criminalMeasure", _one_of({"yes": "juvenile_law", "no": None})),
    "lasting_incapacity_for_work": ("lastingIncapacityForWork", _yes),
    "lasting_need_for_care": ("lastingNeedForCare", _yes),
    "lawful_residence": ("lawfulResidence", _yes),
    "medical_no_side_job": ("medicalBarToSideJob", _yes),
    "parents_involved": ("parentsPossiblyInvolved", _yes),
    "parents_object": ("parentsObject", _yes),
    "partner_age": ("partnerAge", int),
    "pregnant": ("pregnant", _yes),
    "residential_treatment_unfinished": ("residentialTreatmentUnfinished", _yes),
    "safe_place_needed": ("safePlaceNeeded", _yes),
    "school_board_request": ("schoolBoardRequestsWorkSupport", _yes),
    "school_years_completed": ("schoolYearsCompleted", int),
    "single": ("single", _yes),
    "start_qualification": ("startQualification", _yes),
    "student_finance_right": ("studentFinance", _yes),
    "wajong": ("wajong", _yes),
}

_RESIDENCE: Mapping[str, tuple[str, Read]] = {
    "brp_before_stay": ("previousMunicipality", municipality_code),
    "brp_status": ("status", _one_of(_STATUS)),
    "mother_municipality_at_birth": ("motherMunicipalityAtBirth", municipality_code),
    "mother_never_registered": ("motherMunicipalityAtBirth", _one_of({"yes": None})),
    "moved_on": ("movedOn", _iso_date),
    "municipality_approached": ("municipalityApproached", municipality_code),
    "parents_municipality": ("parentsMunicipality", municipality_code),
    "staying_in": ("actualStayMunicipality", municipality_code),
    "weekdays_at": ("actualStayMunicipality", municipality_code),
}

_STAYS: Mapping[str, str] = {
    "foster_care": "foster_care",
    "gezinshuis": "family_home",
    "kamertraining": "room_training",
    "protected_living_since": "protected_living",
    "residential_since": "residential_youth_care",
    "residential_stay": "residential_youth_care",
    "shelter_since": "shelter",
    "wlz_institution_since": "wlz_institution",
    "youth_prison_since": "youth_prison",
}

_YOUTH_HELP = {
    "prior_youth_help",
    "youth_help_ended",
    "continuation_decided_by_college",
    "need_established_before_18",
}
_YOUTH_HELP_TYPES = {
    "type1": "pedagogical",
    "type2": "guidance",
    "type3": "personal_care",
    "ggz": "mental_health",
}
_YOUTH_HELP_STATES: Mapping[str, Json] = {"": {}, "ongoing": {"ongoing": True}, "ended": {"ongoing": False}}

_CHILDREN: Mapping[str, tuple[str, Read]] = {
    "child_birth_date": ("birthDate", _iso_date),
    "child_birth_year": ("birthYear", int),
    "child_brp": ("municipality", municipality_code),
}

# Told in the cases and asked by no field: an agreement is the directory's to know, the room and the age
# at the offence decide nothing (JW-20, JW-04).
_NO_FIELD = {"agreement", "offence_age", "room"}

_KNOWN = {*_CIRCUMSTANCES, *_RESIDENCE, *_STAYS, *_YOUTH_HELP, *_CHILDREN, *_NO_FIELD, "children"}


def told_flags(flags: Mapping[str, str]) -> dict[str, str]:
    """The flags without those that are `unknown`: those are not told. An unknown key is a ValueError."""
    strange = sorted(flags.keys() - _KNOWN)
    if strange:
        raise ValueError(f"flags without a translation: {', '.join(strange)}")
    return {key: value for key, value in flags.items() if value != "unknown"}


def circumstances_of(flags: Mapping[str, str], born: date) -> Json:
    """`circumstances` as the flags tell them, nothing more."""
    return {**_read(_CIRCUMSTANCES, flags), **_youth_help(flags, born), **_children(flags)}


def residence_of(flags: Mapping[str, str], born: date) -> Json:
    """`residence` as the flags tell it, nothing more."""
    stays = [(kind, flags[flag]) for flag, kind in _STAYS.items() if flags.get(flag, "no") != "no"]
    stay = [{"kind": kind, **_since(value, born)} for kind, value in stays]
    return {**_read(_RESIDENCE, flags), **({"stay": stay[0]} if stay else {})}


def _read(table: Mapping[str, tuple[str, Read]], flags: Mapping[str, str]) -> Json:
    return {field: read(flags[flag]) for flag, (field, read) in table.items() if flag in flags}


def _since(value: str, born: date) -> Json:
    """`yes` tells no date; `since_age_15` is read as the 15th birthday (an assumption)."""
    if value == "yes":
        return {}
    if value.startswith("since_age_"):
        return {"since": birthday(born, int(value.removeprefix("since_age_"))).isoformat()}
    return {"since": _iso_date(value)}


def _youth_help(flags: Mapping[str, str], born: date) -> Json:
    """`youthHelp`: null for `no`; its start is left out, which CONTRACT 2 presumes before 18."""
    told = flags.get("prior_youth_help")
    periods = _periods(flags, born)
    if told in (None, "no") and not periods:
        return {} if told is None else {"youthHelp": None}
    # A decision or need without a type is read as type 1, the only kind that the extension knows.
    type_, _, state = (told if told not in (None, "no") else "type1").partition("_")
    help_ = {"type": _YOUTH_HELP_TYPES[type_], **_YOUTH_HELP_STATES[state], **periods}
    return {"youthHelp": [help_]}


def _periods(flags: Mapping[str, str], born: date) -> Json:
    periods: Json = {}
    if "youth_help_ended" in flags:
        periods["endedOn"] = _iso_date(flags["youth_help_ended"])
    if "continuation_decided_by_college" in flags:
        periods["continuationDecided"] = _yes(flags["continuation_decided_by_college"])
    need = flags.get("need_established_before_18", "no")
    if need != "no":
        # `yes` gives no date: the last day before the 18th birthday is taken.
        last = day_before(birthday(born, 18)).isoformat()
        periods["needEstablishedOn"] = last if need == "yes" else _iso_date(need)
    return periods


def _children(flags: Mapping[str, str]) -> Json:
    child = _read(_CHILDREN, flags)
    told = flags.get("children")
    if told is None and not child:
        return {}
    return {"children": None if told == "no" else [child]}
