"""A referral, its decisions with their receipts, and the idempotency keys under which it was sent."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.checks import one_of

WHOLE_OR_ERASED: Final = """
CASE WHEN erased_at IS NULL
     THEN erased_because IS NULL AND num_nulls(content_fingerprint, key_id, wrapped_key, identity) = 0
     ELSE erased_because IS NOT NULL
          AND num_nonnulls(content_fingerprint, key_id, wrapped_key, identity, reason,
                           source_reference_index, student_number_index, subject_index) = 0
END"""
# Why a referral was erased, and why one may not be (LAW E-34).
ERASED_BECAUSE: Final = ("request", "unlawful", "not_needed", "retention", "consent_refused")
HELD_BECAUSE: Final = ("weighty_interest", "law_forbids")


class Referral(Base):
    """What a school sent. `identity` and `reason` are ciphertext under the referral's own data key.

    Of one that was erased a tombstone stays: nothing that is sealed, no key, and no index of a person.
    Until the end of the day `held_until` it is not erased.
    """

    __tablename__ = "referral"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[str]
    created_at: Mapped[datetime]
    decision_version: Mapped[int]
    source_reference_index: Mapped[bytes | None]
    content_fingerprint: Mapped[bytes | None]
    key_id: Mapped[str | None]
    wrapped_key: Mapped[bytes | None]
    identity: Mapped[bytes | None]
    reason: Mapped[bytes | None]
    reference_date: Mapped[date]
    home_municipality: Mapped[str | None]
    support_variant: Mapped[str | None]
    student_number_index: Mapped[bytes | None]
    subject_index: Mapped[bytes | None]
    erased_at: Mapped[datetime | None]
    erased_because: Mapped[str | None]
    erasure_requested_on: Mapped[date | None]
    held_until: Mapped[date | None]
    held_because: Mapped[str | None]

    __table_args__ = (
        Index(
            "uq_referral_organisation_id_source_reference_index",
            "organisation_id",
            "source_reference_index",
            unique=True,
            postgresql_where="source_reference_index IS NOT NULL",
        ),
        Index(
            "ix_referral_organisation_id_student_number_index",
            "organisation_id",
            "student_number_index",
            "id",
            postgresql_where="student_number_index IS NOT NULL",
        ),
        Index(
            "ix_referral_organisation_id_subject_index",
            "organisation_id",
            "subject_index",
            "id",
            postgresql_where="subject_index IS NOT NULL",
        ),
        # Which keys are still needed, and what rotation has yet to wrap anew.
        Index(None, "key_id", "id"),
        Index(None, "organisation_id", "id"),
        Index(None, "organisation_id", "status", "id"),
        # What may be due for erasure, without the tombstones.
        Index(
            "ix_referral_ended",
            "id",
            postgresql_where="erased_at IS NULL AND status IN ('closed', 'withdrawn')",
        ),
        CheckConstraint(one_of("status", "needs_information", "open", "closed", "withdrawn"), "status"),
        CheckConstraint(one_of("erased_because", *ERASED_BECAUSE), "erased_because"),
        CheckConstraint(one_of("held_because", *HELD_BECAUSE), "held_because"),
        CheckConstraint("num_nulls(held_until, held_because) IN (0, 2)", "held"),
        CheckConstraint(WHOLE_OR_ERASED, "whole_or_erased"),
    )


class Decision(Base):
    """One version of the decision on a referral.

    `receipt` is ciphertext under the referral's data key, null once that was erased.
    """

    __tablename__ = "decision"

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[UUID]
    created_at: Mapped[datetime]
    outcome: Mapped[str]
    rulebook_hash: Mapped[str]
    directory_edition: Mapped[int]
    read_for: Mapped[date]
    receipt: Mapped[bytes | None]

    __table_args__ = (
        CheckConstraint(one_of("outcome", "routed", "needs_information", "needs_triage"), "outcome"),
    )


class Idempotency(Base):
    """An `Idempotency-Key` of the last 72 hours, as keyed indexes, and the referral it made.

    The key is claimed before the referral is stored, so there is no foreign key to it.
    """

    __tablename__ = "idempotency"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    key_index: Mapped[bytes] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    referral_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(index=True)
