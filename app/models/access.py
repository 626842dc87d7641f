"""The log of who looked at whom: who, when and why, and nothing of what they saw."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AccessRecord(Base):
    """One look at the record of one person, written in the transaction of the request.

    It keeps no foreign keys: the log outlives what it tells of. `organisation_id` is the one that looked: in
    its chain the worker gives the row its number and hash. Commands look as nobody's: the identifier of
    zeros. `referring_organisation_id` is the one whose referral it is.
    """

    __tablename__ = "access_log"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    credential_id: Mapped[UUID | None]
    roles: Mapped[list[str]]
    acting_user: Mapped[str | None]
    activity: Mapped[str]
    purpose: Mapped[str]
    referring_organisation_id: Mapped[UUID | None]
    referral_id: Mapped[UUID | None]
    handover_id: Mapped[UUID | None]
    request_id: Mapped[str | None]
    trace_id: Mapped[str | None]
    at: Mapped[datetime]
    number: Mapped[int | None] = mapped_column(BigInteger)
    hash: Mapped[bytes | None]

    __table_args__ = (
        Index(
            "ix_access_log_referral_id_id", "referral_id", "id", postgresql_where="referral_id IS NOT NULL"
        ),
        Index("ix_access_log_unchained", "organisation_id", "id", postgresql_where="number IS NULL"),
        Index(
            "ix_access_log_organisation_id_number",
            *("organisation_id", "number"),
            unique=True,
            postgresql_where="number IS NOT NULL",
        ),
        CheckConstraint("length(acting_user) BETWEEN 1 AND 64", "acting_user"),
        CheckConstraint("(number IS NULL) = (hash IS NULL)", "chained"),
    )
