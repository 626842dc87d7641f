"""Keyed indexes under which a referral is found again: by its reference, number, person, key and content."""

from dataclasses import dataclass
from uuid import UUID

from app.adapters.encryption import Keyring
from app.services.records import Submission
from app.services.subject_index import subject_index


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Keyed indexes of what a client may repeat; without the key they tell nothing."""

    source_reference: bytes | None
    student_number: bytes | None
    subject: bytes | None
    content: bytes
    key: bytes | None
    request: bytes


def fingerprints(submission: Submission, organisation: UUID, keyring: Keyring) -> Fingerprints:
    """The indexes of a submission within its organisation."""
    content = keyring.index("content", organisation, submission.content)
    key = submission.idempotency_key
    return Fingerprints(
        source_reference=source_reference_index(keyring, organisation, submission.source_reference),
        student_number=student_number_index(keyring, organisation, submission.identity.get("studentNumber")),
        subject=subject_index(keyring, organisation, submission.identity),
        content=content,
        key=keyring.index("idempotency_key", organisation, key) if key else None,
        request=keyring.index("request", organisation, submission.path.encode() + content),
    )


def source_reference_index(keyring: Keyring, organisation: UUID, reference: str | None) -> bytes | None:
    """Under which a referral is found by its reference in the organisation's own system."""
    return keyring.index("source_reference", organisation, reference) if reference else None


def student_number_index(keyring: Keyring, organisation: UUID, number: str | None) -> bytes | None:
    """Under which an organisation finds what it sent with a student number."""
    return keyring.index("student_number", organisation, number) if number else None
