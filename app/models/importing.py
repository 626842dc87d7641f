"""An import of referrals from a file: how it goes, what became of each row, and the upload it reads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.checks import one_of

STATUSES = ("pending", "processing", "succeeded", "failed", "cancelled")
OUTCOMES = (
    "stored", "already_stored", "needs_information", "needs_consent", "needs_triage", "invalid", "conflict",
)  # fmt: skip


class Import(Base):
    """One import of an organisation. Its data key seals the mapping, the references of rows, and the upload.

    `digest_index` is a keyed index of content and mapping: the same file goes on where it stopped.
    `received_at` is null while an upload arrives; `content_removed_at` says that none is kept any more, or
    never was. `last_row` is the number of the last row that was committed, of `rows_done`.
    """

    __tablename__ = "import"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[str]
    dry_run: Mapped[bool]
    created_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    credential_id: Mapped[UUID | None]
    roles: Mapped[list[str]]
    acting_user: Mapped[str | None]
    trace_id: Mapped[str | None]
    key_id: Mapped[str]
    wrapped_key: Mapped[bytes]
    digest_index: Mapped[bytes | None]
    mapping: Mapped[bytes | None]
    format: Mapped[str | None]
    encoding: Mapped[str | None]
    delimiter: Mapped[str | None]
    rows_total: Mapped[int | None]
    rows_done: Mapped[int]
    last_row: Mapped[int]
    outcomes: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any]]
    faults: Mapped[list[dict[str, Any]]]
    content_size: Mapped[int | None] = mapped_column(BigInteger)
    content_removed_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "organisation_id", "id"),
        Index(None, "key_id", "id"),
        # What is unfinished: few rows, which the worker asks for and a resumed import is found among.
        Index("ix_import_unfinished", "id", postgresql_where="finished_at IS NULL"),
        CheckConstraint(one_of("status", *STATUSES), "status"),
        CheckConstraint("(finished_at IS NULL) = (status IN ('pending', 'processing'))", "finished"),
        CheckConstraint("length(acting_user) BETWEEN 1 AND 64", "acting_user"),
    )


class ImportRow(Base):
    """What became of one row. `number` is that of the line on which it starts; `reference` is ciphertext.

    `content_fingerprint` is that of what is stored under the reference, or would be: null where nothing is.
    Of an erased referral reference, index and fingerprint are empty. `first_row` is the earlier row of the
    same import with the same reference.
    """

    __tablename__ = "import_row"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[UUID]
    outcome: Mapped[str]
    reference: Mapped[bytes | None]
    reference_index: Mapped[bytes | None]
    content_fingerprint: Mapped[bytes | None]
    referral_id: Mapped[UUID | None]
    first_row: Mapped[int | None]
    faults: Mapped[list[dict[str, Any]] | None]

    __table_args__ = (
        # Doubles within an import, and all rows of whom is erased.
        Index(
            "ix_import_row_reference_index",
            *("reference_index", "import_id"),
            postgresql_where="reference_index IS NOT NULL",
        ),
        Index(
            "ix_import_row_outcome",
            *("import_id", "outcome", "number"),
            postgresql_where="outcome <> 'stored'",
        ),
        CheckConstraint(one_of("outcome", *OUTCOMES), "outcome"),
    )


class ImportPart(Base):
    """A piece of an upload, numbered from 1: at most 1 MiB, sealed under the import's data key."""

    __tablename__ = "import_part"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[UUID]
    content: Mapped[bytes]


class ImportErasure(Base):
    """A reference under which a referral was erased while an import was unfinished."""

    __tablename__ = "import_erasure"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), primary_key=True)
    reference_index: Mapped[bytes] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
