"""The tables; importing this package fills `Base.metadata` with all of them."""

from app.models.access import AccessRecord
from app.models.base import Base
from app.models.directory import (
    AgreementRow,
    DirectoryEdition,
    DirectoryOrganisation,
    ReferenceRow,
    RulebookRow,
    SchoolRow,
    TeamRow,
)
from app.models.event import Event, EventAudience
from app.models.handover import Advice, Handover
from app.models.importing import Import, ImportPart, ImportRow
from app.models.organisation import Bucket, Credential, Organisation
from app.models.referral import Decision, Idempotency, Referral
from app.models.webhook import WebhookAttempt, WebhookDelivery, WebhookSubscription
from app.models.worker import ErasurePlace, WorkerJob

__all__ = [
    "AccessRecord",
    "Advice",
    "AgreementRow",
    "Base",
    "Bucket",
    "Credential",
    "Decision",
    "DirectoryEdition",
    "DirectoryOrganisation",
    "ErasurePlace",
    "Event",
    "EventAudience",
    "Handover",
    "Idempotency",
    "Import",
    "ImportPart",
    "ImportRow",
    "Organisation",
    "ReferenceRow",
    "Referral",
    "RulebookRow",
    "SchoolRow",
    "TeamRow",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookSubscription",
    "WorkerJob",
]
