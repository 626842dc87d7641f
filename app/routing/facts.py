"""The facts that a decision may read, as they were told: values, established as none, or not told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final, Literal, TypeAlias, TypeVar

T = TypeVar("T")


class Absent(Enum):
    """The mark of a fact that nobody told; `None` means established as none."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
Told: TypeAlias = T | None | Absent

ProblemDomain = Literal[
    "mental_health", "addiction", "family_parenting", "safety_violence", "housing", "debts",
    "income", "work_participation", "disability_id", "disability_phys", "self_reliance",
    "learning", "absence_dropout", "justice", "pregnancy_parenthood", "physical_health",
    "social_network", "informal_care",
]  # fmt: skip
SupportVariant = Literal["own_neighbourhood", "municipal_youth_team", "mbo_as_neighbourhood"]
Need = Literal["treatment", "guidance", "personal_care", "nursing", "aids_and_adaptations"]
StayKind = Literal[
    "residential_youth_care", "foster_care", "family_home", "room_training",
    "protected_living", "shelter", "youth_prison", "wlz_institution",
]  # fmt: skip
ResidenceStatus = Literal[
    "registered", "postal_address", "under_investigation", "not_registered", "secret", "abroad"
]
YouthHelpType = Literal["pedagogical", "guidance", "personal_care", "mental_health"]
Threat = Literal["eviction", "energy_or_water_cut_off", "loss_of_health_insurance"]
Enrolment = Literal["bol", "bbl", "leaving", "none"]
CriminalMeasure = Literal["juvenile_law", "adult_probation"]
ConsentGiver = Literal["student", "parent"]
ConsentPurpose = Literal["referral", "feedback", "contact_parents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class YouthHelp:
    """One period of youth help (LAW 3.1, types 1 to 3 and ggz), or a need established before 18."""

    type: YouthHelpType
    started_on: Told[date] = ABSENT
    ongoing: Told[bool] = ABSENT
    ended_on: Told[date] = ABSENT
    need_established_on: Told[date] = ABSENT
    continuation_decided: Told[bool] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child of the student; the municipality is a four-digit code."""

    birth_date: date | None = None
    birth_year: int | None = None
    municipality: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A stay that moves the Youth Act's residence test to the municipality before it (JW-21)."""

    kind: StayKind
    since: Told[date] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Residence:
    """Where the student is registered and stays; municipalities are four-digit codes."""

    status: Told[ResidenceStatus] = ABSENT
    previous_municipality: Told[str] = ABSENT
    moved_on: Told[date] = ABSENT
    mother_municipality_at_birth: Told[str] = ABSENT
    actual_stay_municipality: Told[str] = ABSENT
    municipality_approached: Told[str] = ABSENT
    parents_municipality: Told[str] = ABSENT
    stay: Told[Stay] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What CONTRACT 2 lists under `circumstances`, field by field."""

    acute_danger: Told[bool] = ABSENT
    acute_domains: Told[tuple[ProblemDomain, ...]] = ABSENT
    parents_possibly_involved: Told[bool] = ABSENT
    parents_object: Told[bool] = ABSENT
    threatening_situation: Told[Threat] = ABSENT
    homeless: Told[bool] = ABSENT
    safe_place_needed: Told[bool] = ABSENT
    youth_help: Told[tuple[YouthHelp, ...]] = ABSENT
    criminal_measure: Told[CriminalMeasure] = ABSENT
    enrolment: Told[Enrolment] = ABSENT
    student_finance: Told[bool] = ABSENT
    start_qualification: Told[bool] = ABSENT
    exempt_from_qualification_duty: Told[bool] = ABSENT
    absence_hours_in_four_weeks: Told[int] = ABSENT
    absence_weeks: Told[int] = ABSENT
    school_years_completed: Told[int] = ABSENT
    school_board_requests_work_support: Told[bool] = ABSENT
    medical_bar_to_side_job: Told[bool] = ABSENT
    wajong: Told[bool] = ABSENT
    lasting_incapacity_for_work: Told[bool] = ABSENT
    lasting_need_for_care: Told[bool] = ABSENT
    behaviour_problems: Told[bool] = ABSENT
    residential_treatment_unfinished: Told[bool] = ABSENT
    needs: Told[Mapping[ProblemDomain, Need]] = ABSENT
    pregnant: Told[bool] = ABSENT
    children: Told[tuple[Child, ...]] = ABSENT
    care_recipient_municipality: Told[str] = ABSENT
    single: Told[bool] = ABSENT
    partner_age: Told[int] = ABSENT
    lawful_residence: Told[bool] = ABSENT
    insured_in_netherlands: Told[bool] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent or refusal; `recipients` is None for all, else receiver kinds (LAW 7.1)."""

    given_by: ConsentGiver
    given_on: date
    purpose: ConsentPurpose
    recipients: tuple[str, ...] | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a decision is made from; municipalities are today's four-digit codes.

    `age_years` is used when the birth date is not known. `home_candidates` holds the municipalities
    that a split one was divided over, `pc4_municipalities` those that the postcode's area touches,
    `merged` the request's fields whose municipality was carried over to today's.
    """

    problem_domains: tuple[ProblemDomain, ...]
    support_variant: SupportVariant | None
    birth_date: date | None = None
    age_years: int | None = None
    home_municipality: str | None = None
    home_candidates: tuple[str, ...] = ()
    pc4: str | None = None
    pc4_municipalities: tuple[str, ...] = ()
    school_brin: str | None = None
    school_location: str | None = None
    core_municipality: str | None = None
    merged: tuple[str, ...] = ()
    residence: Residence = field(default_factory=Residence)
    circumstances: Circumstances = field(default_factory=Circumstances)
    consents: tuple[Consent, ...] = ()
