"""Who uses the service: organisations, and the credentials that act for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.checks import one_of


class Organisation(Base):
    """A school (by BRIN), municipality (by code), regional body or the operator: a tenant."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (
        # The code comes first: the receiver of a handover is found by its code alone.
        UniqueConstraint("code", "kind"),
        CheckConstraint(one_of("kind", "school", "municipality", "regional_body", "operator"), "kind"),
    )


class Credential(Base):
    """An API key of one organisation: its public id, the SHA-256 of its secret, and what it may do."""

    __tablename__ = "credential"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    secret_sha256: Mapped[bytes]
    label: Mapped[str]
    roles: Mapped[list[str]]
    team_ids: Mapped[list[str] | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("octet_length(secret_sha256) = 32", "secret_sha256"),
        CheckConstraint(
            "roles <@ ARRAY['referrer','team','desk','auditor','directory_admin','operator']", "roles"
        ),
    )
