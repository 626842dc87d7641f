"""The closed lists of CONTRACT 1: acts, provisions, receivers with their reach, consents."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from app.routing.decision import Channel
from app.routing.facts import ProblemDomain

PROBLEM_DOMAINS: Final[tuple[str, ...]] = get_args(ProblemDomain)

# provision (the limb of the act) -> legal framework (the act)
FRAMEWORK_OF: Final[Mapping[str, str]] = {
    "jw": "youth_act",
    "jw_ext": "youth_act",
    "jw_foster21": "youth_act",
    "jw_crim": "youth_act",
    "wmo": "wmo_2015",
    "wmo_shelter": "wmo_2015",
    "wmo_protected": "wmo_2015",
    "vt": "wmo_2015",
    "pw": "participation_act",
    "pw_study": "participation_act",
    "wgs": "debt_assistance_act",
    "zvw": "health_insurance_act",
    "wlz": "long_term_care_act",
    "wajong": "wajong",
    "lpw": "compulsory_education_act",
    "web_rmc": "vocational_education_act",
    "edu": "vocational_education_act",
    "wpg": "public_health_act",
    "emergency": "none",
    "none": "none",
}

# Where a receiver is found: at the responsible municipality, at a region it lies in, or anywhere.
Reach = Literal["municipal", "veilig_thuis", "rmc", "elsewhere"]

# receiver kind -> (reach, the channel where it does not work with the service)
RECEIVERS: Final[Mapping[str, tuple[Reach, Channel]]] = {
    "neighbourhood_team": ("municipal", "referrer_acts"),
    "municipal_youth_team": ("municipal", "referrer_acts"),
    "mbo_onsite_team": ("municipal", "referrer_acts"),
    "wmo_desk": ("municipal", "referrer_acts"),
    "work_income": ("municipal", "referrer_acts"),
    "debt_service": ("municipal", "referrer_acts"),
    "attendance_officer": ("municipal", "referrer_acts"),
    "centre_shelter": ("municipal", "referrer_acts"),
    "access_desk": ("municipal", "referrer_acts"),
    "veilig_thuis": ("veilig_thuis", "referrer_acts"),
    "doorstroompunt": ("rmc", "referrer_acts"),
    "gp": ("elsewhere", "referrer_acts"),
    "jgz_doctor": ("elsewhere", "referrer_acts"),
    "jgz": ("elsewhere", "referrer_acts"),
    "midwife": ("elsewhere", "referrer_acts"),
    "health_insurer": ("elsewhere", "referrer_acts"),
    "current_provider": ("elsewhere", "referrer_acts"),
    "foster_provider": ("elsewhere", "referrer_acts"),
    "ciz": ("elsewhere", "referrer_acts"),
    "uwv": ("elsewhere", "referrer_acts"),
    "gi": ("elsewhere", "referrer_acts"),
    "duo": ("elsewhere", "referrer_acts"),
    "probation_service": ("elsewhere", "referrer_acts"),
    "services_abroad": ("elsewhere", "referrer_acts"),
    "school_care_team": ("elsewhere", "school"),
    "emergency_112": ("elsewhere", "call_now"),
    "mental_crisis": ("elsewhere", "call_now"),
    "police": ("elsewhere", "call_now"),
}

# The team that the support variant and the agreement choose (LAW 8.2); a rule may name it as a receiver.
VARIANT_TEAM: Final = "team"
# The team on site where the region chose the MBO as a neighbourhood; nobody in the other variants.
ONSITE_TEAM: Final = "onsite"
TEAM_OF_VARIANT: Final[Mapping[str, str]] = {
    "own_neighbourhood": "neighbourhood_team",
    "municipal_youth_team": "municipal_youth_team",
    "mbo_as_neighbourhood": "mbo_onsite_team",
}

# Consents that a rule may set itself; the others follow from age (LAW 7.1).
STATUTORY_CONSENTS: Final = (
    "not_required_veilig_thuis",
    "not_required_statutory_report",
    "vital_interest",
)

# What is asked beside the facts of `columns.py`: what bodies and receivers are found with.
QUESTIONS: Final = (
    "homeMunicipality",
    "school.coreMunicipality",
    "supportVariant",
    "residence.previousMunicipality",
    "residence.motherMunicipalityAtBirth",
    "residence.actualStayMunicipality",
    "residence.municipalityApproached",
    "residence.parentsMunicipality",
    "circumstances.careRecipientMunicipality",
)

# The other words that an answer is made of, by group of the word file.
OTHER_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "responsible": ("municipality", "region", "school", "health_insurer", "care_office", "uwv", "none"),
    "contradiction": ("postcode", "age", "core"),
    "condition": ("is", "not", "from", "under", "or"),
    "sentence": (
        "route", "no_route", "whose", "whose_unknown", "receives", "call", "acts", "bridging", "behalf",
        "article", "question", "contradiction", "triage", "change", "consent", "depends",
    ),
}  # fmt: skip

# Warnings that only the whole case can show, raised by the program and not by the rules.
RAISED_BY_PROGRAM: Final = (
    "BRP_DIFFERS_FROM_ACTUAL",
    "CONSENT_PER_RECIPIENT",
    "CONTINUATION_ONE_YEAR_AFTER_MOVE",
    "CROSS_BORDER_AGREEMENT_USED",
    "CROSS_BORDER_NO_AGREEMENT",
    "HUMAN_REVIEW",
    "LAW_HORIZON",
    "MOTHER_AT_BIRTH_RULE",
    "MULTI_FRAMEWORK_COORDINATION",
    "MUNICIPALITY_FLIP_AT_18",
    "MUNICIPALITY_MERGED",
    "NOT_MUNICIPAL",
    "NO_GENERAL_SHARING_ACT",
    "PARENTS_ELSEWHERE_IRRELEVANT",
    "RESIDENTIAL_PREV_MUNICIPALITY",
    "TEAM_NOT_CONFIRMED",
    "TEAM_NOT_REGISTERED",
    "TWO_MUNICIPALITIES",
    "VARIANT_NOT_APPLICABLE",
    "VARIANT_OVERRIDDEN_BY_SAFETY",
    "WLZ_STAY_PREV_MUNICIPALITY",
)
