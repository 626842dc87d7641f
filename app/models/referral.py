"""A referral, its decisions with their receipts, and the idempotency keys under which it was sent."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.checks import one_of


class Referral(Base):
    """What a school sent. `identity` and `reason` are ciphertext under the referral's own data key."""

    __tablename__ = "referral"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[str]
    created_at: Mapped[datetime]
    decision_version: Mapped[int]
    source_reference_index: Mapped[bytes | None]
    content_fingerprint: Mapped[bytes]
    key_id: Mapped[str]
    wrapped_key: Mapped[bytes]
    identity: Mapped[bytes]
    reason: Mapped[bytes | None]
    reference_date: Mapped[date]
    home_municipality: Mapped[str | None]
    support_variant: Mapped[str | None]
    student_number_index: Mapped[bytes | None]
    subject_index: Mapped[bytes | None]

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
        Index(None, "key_id"),
        Index(None, "organisation_id", "id"),
        Index(None, "organisation_id", "status", "id"),
        CheckConstraint(one_of("status", "needs_information", "open", "closed", "withdrawn"), "status"),
    )


class Decision(Base):
    """One version of the decision on a referral; `receipt` is ciphertext under the referral's data key."""

    __tablename__ = "decision"

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[UUID]
    created_at: Mapped[datetime]
    outcome: Mapped[str]
    rulebook_hash: Mapped[str]
    directory_edition: Mapped[int]
    read_for: Mapped[date]
    receipt: Mapped[bytes]

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
