"""Imports themselves: begun or taken up again, found, cancelled and ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import DataKey, Keyring
from app.services.clients import Client
from app.services.importing.rows import RowFault

ImportStatus = Literal["pending", "processing", "succeeded", "failed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImport:
    """What is asked: `digest` is the SHA-256 of the content, None while an upload has yet to arrive.

    `mapping` is TOML as it was given. Who asks stands in the access log with every referral.
    """

    digest: bytes | None
    mapping: bytes | None
    dry_run: bool
    acting_user: str | None = None
    trace_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What is known of the file before its first row is stored."""

    format: str
    encoding: str | None
    delimiter: str | None
    rows_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """An import as it stands. `client` is who asked for it, `key` its opened data key.

    `outcomes` counts rows by outcome, `summary` referrals by "acts", "municipalities" and "teams".
    """

    id: UUID
    organisation_id: UUID
    client: Client
    credential_id: UUID | None
    acting_user: str | None
    trace_id: str | None
    status: ImportStatus
    dry_run: bool
    created_at: datetime
    received_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    cancel_asked: bool
    mapping: bytes | None
    format: str | None
    encoding: str | None
    delimiter: str | None
    rows_total: int | None
    rows_done: int
    last_row: int
    outcomes: Mapping[str, int]
    summary: Mapping[str, Mapping[str, int]]
    faults: tuple[RowFault, ...]
    content_size: int | None
    content_removed_at: datetime | None
    key: DataKey


async def begin_import(
    connection: AsyncConnection, asked: NewImport, client: Client, keyring: Keyring, now: datetime
) -> Import:
    """A new import, or the unfinished one of the same organisation, content, mapping and kind of run."""
    raise NotImplementedError


async def find_import(
    connection: AsyncConnection, organisation_id: UUID, keyring: Keyring, id: UUID
) -> Import:
    """An import of the organisation; raises NotFound for any other and for none."""
    raise NotImplementedError


async def list_imports(
    connection: AsyncConnection,
    organisation_id: UUID,
    keyring: Keyring,
    *,
    status: ImportStatus | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[list[Import], UUID | None]:
    """Imports of the organisation, oldest first, and where the next page starts."""
    raise NotImplementedError


async def waiting_imports(connection: AsyncConnection) -> list[tuple[UUID, UUID]]:
    """Uploads that have arrived and are not done: import and organisation, who waits longest first."""
    raise NotImplementedError


async def start_import(
    connection: AsyncConnection, import_: Import, examined: Examined, now: datetime
) -> Import:
    """The import, processing from now on; raises ImportTaken where it has ended meanwhile."""
    raise NotImplementedError


async def ask_cancel(
    connection: AsyncConnection, organisation_id: UUID, keyring: Keyring, id: UUID, now: datetime
) -> Import:
    """Asks whoever runs an import to stop; one that nobody has begun ends at once. Ended ones stay so.

    What was stored stays. Raises NotFound.
    """
    raise NotImplementedError


async def finish_import(connection: AsyncConnection, import_: Import, now: datetime) -> Import:
    """Ends an import that is done, or whose end was asked; its upload goes, and its end is told."""
    raise NotImplementedError


async def fail_import(
    connection: AsyncConnection, import_: Import, faults: Sequence[RowFault], now: datetime
) -> Import:
    """Ends an import whose file cannot be run, with what is wrong with it; what was stored stays."""
    raise NotImplementedError


def import_of(row: Mapping[Any, Any], client: Client, keyring: Keyring) -> Import:
    """The import of a row of the table."""
    raise NotImplementedError
