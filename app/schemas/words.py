"""The enumerations of the contract, named so that clients get them as types."""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field
from typing_extensions import TypeAliasType

from app.routing import facts
from app.services.activities import Activity, Purpose
from app.services.importing import imports, rows

ProblemDomain = TypeAliasType("ProblemDomain", facts.ProblemDomain)
SupportVariant = TypeAliasType("SupportVariant", facts.SupportVariant)
Need = TypeAliasType("Need", facts.Need)
Needs = TypeAliasType("Needs", Annotated[dict[ProblemDomain, Need], Field(max_length=18)])
StayKind = TypeAliasType("StayKind", facts.StayKind)
ResidenceStatus = TypeAliasType("ResidenceStatus", facts.ResidenceStatus)
YouthHelpType = TypeAliasType("YouthHelpType", facts.YouthHelpType)
Threat = TypeAliasType("Threat", facts.Threat)
Enrolment = TypeAliasType("Enrolment", facts.Enrolment)
CriminalMeasure = TypeAliasType("CriminalMeasure", facts.CriminalMeasure)
ConsentGiver = TypeAliasType("ConsentGiver", facts.ConsentGiver)
ConsentPurpose = TypeAliasType("ConsentPurpose", facts.ConsentPurpose)
LegalFramework = TypeAliasType(
    "LegalFramework",
    Literal[
        "youth_act", "wmo_2015", "participation_act", "debt_assistance_act", "health_insurance_act",
        "long_term_care_act", "wajong", "compulsory_education_act", "vocational_education_act",
        "public_health_act", "none",
    ],
)  # fmt: skip
Provision = TypeAliasType(
    "Provision",
    Literal[
        "jw", "jw_ext", "jw_foster21", "jw_crim", "wmo", "wmo_shelter", "wmo_protected", "pw", "pw_study",
        "wgs", "zvw", "wlz", "wajong", "lpw", "web_rmc", "wpg", "edu", "vt", "emergency", "none",
    ],
)  # fmt: skip
ReceiverKind = TypeAliasType(
    "ReceiverKind",
    Literal[
        "school_care_team", "neighbourhood_team", "municipal_youth_team", "mbo_onsite_team", "wmo_desk",
        "work_income", "debt_service", "gp", "jgz_doctor", "jgz", "mental_crisis", "veilig_thuis",
        "centre_shelter", "attendance_officer", "doorstroompunt", "ciz", "uwv", "gi", "foster_provider",
        "emergency_112", "police", "access_desk", "health_insurer", "current_provider", "midwife",
        "services_abroad", "duo", "probation_service",
    ],
)  # fmt: skip
TeamKind = TypeAliasType(
    "TeamKind",
    Literal[
        "neighbourhood_team", "municipal_youth_team", "mbo_onsite_team", "wmo_desk", "work_income",
        "debt_service", "attendance_officer", "centre_shelter", "access_desk", "veilig_thuis",
        "doorstroompunt",
    ],
)  # fmt: skip
Mandate = TypeAliasType("Mandate", Literal["consult", "provide", "decide"])
Payer = TypeAliasType("Payer", Literal["home", "core", "shared"])
YouthProtectionKind = TypeAliasType(
    "YouthProtectionKind", Literal["youth_protection_organisation", "child_protection_board"]
)
ResponsibleKind = TypeAliasType(
    "ResponsibleKind",
    Literal["municipality", "region", "school", "health_insurer", "care_office", "uwv", "national", "none"],
)
ConsentRequired = TypeAliasType(
    "ConsentRequired",
    Literal[
        "student", "student_and_parent", "parent", "not_required_veilig_thuis",
        "not_required_statutory_report", "vital_interest",
    ],
)  # fmt: skip
Confidence = TypeAliasType("Confidence", Literal["high", "medium", "low"])
Outcome = TypeAliasType("Outcome", Literal["routed", "needs_information", "needs_triage"])
ReceiverRole = TypeAliasType("ReceiverRole", Literal["primary", "alternative", "alongside", "bridging"])
Channel = TypeAliasType("Channel", Literal["handover", "referrer_acts", "call_now", "school"])
CitationStatus = TypeAliasType("CitationStatus", Literal["P", "O", "G", "M"])
DeadlineUnit = TypeAliasType("DeadlineUnit", Literal["calendar", "working"])
VariantReceiver = TypeAliasType("VariantReceiver", Literal["team", "onsite"])
FaultPlace = TypeAliasType("FaultPlace", Literal["body", "query", "path", "header"])

ReferralStatus = TypeAliasType("ReferralStatus", Literal["needs_information", "open", "closed", "withdrawn"])
HandoverStatus = TypeAliasType(
    "HandoverStatus",
    Literal[
        "needs_information", "needs_consent", "needs_triage", "offered", "acknowledged", "accepted",
        "in_progress", "on_hold", "completed", "stopped", "rejected", "redirected", "withdrawn",
        "entered_in_error",
    ],
)  # fmt: skip
HandoverFlag = TypeAliasType(
    "HandoverFlag",
    Literal["overdue", "escalated", "review", "reassessment_due", "disputed", "transfer_pending"],
)

HandoverAction = TypeAliasType(
    "HandoverAction",
    Literal[
        "answer", "resume", "triage", "consent", "assign", "forward", "settle", "acknowledge", "ask",
        "accept", "reject", "redirect", "cancel_redirect", "start", "hold", "complete", "stop", "withdraw",
        "reopen", "mark_in_error", "reviewed", "reassessed",
    ],
)  # fmt: skip
StepReason = TypeAliasType(
    "StepReason",
    Literal[
        "other_municipality", "residence", "age", "other_law", "other_expertise", "no_capacity",
        "already_known", "waiting_list", "student_unavailable", "waiting_for_others", "no_contact",
        "no_longer_wanted", "consent_withdrawn", "left_school", "moved", "deceased", "duplicate",
        "solved_otherwise", "need_returned", "ended_by_mistake", "wrong_person", "wrong_data", "test_entry",
        "erased", "consent_refused",
    ],
)  # fmt: skip
HandoverOutcome = TypeAliasType(
    "HandoverOutcome",
    Literal["goals_reached", "goals_partly_reached", "goals_not_reached", "continued_elsewhere"],
)
NamedBodyKind = TypeAliasType(
    "NamedBodyKind", Literal["municipality", "health_insurer", "care_office", "uwv", "school"]
)
ActingRole = TypeAliasType("ActingRole", Literal["referrer", "team", "desk", "operator", "system"])

ErasureReason = TypeAliasType("ErasureReason", Literal["request", "unlawful", "not_needed"])

EventType = TypeAliasType(
    "EventType",
    Literal[
        "referral.created", "referral.decided", "referral.withdrawn", "referral.erased",
        "handover.needs_information",
        "handover.needs_consent", "handover.needs_triage", "handover.offered", "handover.acknowledged",
        "handover.accepted", "handover.in_progress", "handover.on_hold", "handover.completed",
        "handover.stopped", "handover.rejected", "handover.redirected", "handover.withdrawn",
        "handover.entered_in_error", "handover.flagged", "consent.changed", "advice.done",
        "directory.changed", "import.finished",
    ],
)  # fmt: skip
EventRole = TypeAliasType(
    "EventRole", Literal["referrer", "team", "desk", "directory_admin", "operator", "system"]
)
OrganisationKind = TypeAliasType(
    "OrganisationKind", Literal["school", "municipality", "regional_body", "operator"]
)

SubscriptionStatus = TypeAliasType("SubscriptionStatus", Literal["active", "disabled"])
DisabledReason = TypeAliasType("DisabledReason", Literal["by_client", "gone"])
DeliveryState = TypeAliasType("DeliveryState", Literal["pending", "delivered", "failed", "skipped"])
DeliveryAnswer = TypeAliasType(
    "DeliveryAnswer", Literal["accepted", "redirected", "refused", "gone", "no_answer", "skipped"]
)
DeliveryStatus = TypeAliasType("DeliveryStatus", Literal["none", "pending", "delivered", "failed"])
Closing = TypeAliasType(
    "Closing",
    Literal[
        "goals_reached", "goals_partly_reached", "goals_not_reached", "continued_elsewhere", "completed",
        "stopped",
    ],
)  # fmt: skip
OtherEnd = TypeAliasType("OtherEnd", Literal["rejected", "redirected", "withdrawn"])
AdviceAction = TypeAliasType("AdviceAction", Literal["done", "not_needed"])
AdviceStatus = TypeAliasType("AdviceStatus", Literal["open", "done", "not_needed"])
AccessActivity = TypeAliasType("AccessActivity", Activity)
AccessPurpose = TypeAliasType("AccessPurpose", Purpose)
CredentialRole = TypeAliasType(
    "CredentialRole", Literal["referrer", "team", "desk", "auditor", "directory_admin", "operator"]
)
ImportStatus = TypeAliasType("ImportStatus", imports.ImportStatus)
RowOutcome = TypeAliasType("RowOutcome", rows.Outcome)
FileFormat = TypeAliasType("FileFormat", Literal["csv", "ndjson", "xlsx"])

PROBLEM_DOMAINS: Final[tuple[str, ...]] = get_args(facts.ProblemDomain)
