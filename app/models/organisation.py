"""Who uses the service: organisations, the credentials that act for them, and how much each may still ask."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
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
    """What one organisation is let in by, and what it may do with it: an API key or an OAuth client.

    Of a key the SHA-256 of its secret is kept; a client is known by its issuer and its id there.
    """

    __tablename__ = "credential"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    secret_sha256: Mapped[bytes | None] = mapped_column(unique=True)
    issuer: Mapped[str | None]
    client_id: Mapped[str | None]
    label: Mapped[str]
    roles: Mapped[list[str]]
    team_ids: Mapped[list[str] | None]
    quota: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_on: Mapped[date | None]

    __table_args__ = (
        Index(
            "uq_credential_issuer_client_id",
            "issuer",
            "client_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        CheckConstraint("octet_length(secret_sha256) = 32", "secret_sha256"),
        CheckConstraint(
            "num_nonnulls(secret_sha256, issuer) = 1 AND num_nonnulls(issuer, client_id) <> 1", "way"
        ),
        CheckConstraint("quota >= 0", "quota"),
        CheckConstraint(
            "roles <@ ARRAY['referrer','team','desk','auditor','directory_admin','operator']", "roles"
        ),
    )


class Bucket(Base):
    """What a credential has used of its quota, as the moment at which all of it is there again.

    Unlogged: nobody waits for the disk, and after a crash every bucket is full. No foreign key, which would
    lock the credential.
    """

    __tablename__ = "bucket"

    credential_id: Mapped[UUID] = mapped_column(primary_key=True)
    full_at: Mapped[datetime]

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
