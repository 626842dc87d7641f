"""Imports themselves: what one is, and which there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import DataKey, Keyring
from app.adapters.postgres import driver_of
from app.errors import NotFound
from app.services.clients import Client
from app.services.importing.rows import RowFault
from app.services.sealed import row_name

ImportStatus = Literal["pending", "processing", "succeeded", "failed", "cancelled"]

_COLUMNS: Final = "i.*, o.kind AS organisation_kind, o.code AS organisation_code"
_FIND: Final = f"""
SELECT {_COLUMNS} FROM import AS i JOIN organisation AS o ON o.id = i.organisation_id
 WHERE i.organisation_id = $1 AND i.id = $2
"""  # noqa: S608  our own names
_LIST: Final = f"""
SELECT {_COLUMNS} FROM import AS i JOIN organisation AS o ON o.id = i.organisation_id
 WHERE i.organisation_id = $1 AND i.id > $2 AND ($3::text IS NULL OR i.status = $3)
   AND i.received_at IS NOT NULL
 ORDER BY i.id LIMIT $4
"""  # noqa: S608
# What a command took in from standard input goes on with that command, so that Ctrl-C stops it.
_WAITING: Final = """
SELECT id, organisation_id FROM import
 WHERE finished_at IS NULL AND received_at IS NOT NULL AND content_size IS NOT NULL
   AND credential_id IS NOT NULL
 ORDER BY received_at, id
"""
_BEFORE_ALL: Final = UUID(int=0)


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

    @property
    def place(self) -> str:
        """The row to which what is sealed of it is bound."""
        return row_name(self.organisation_id, self.id)


# What stands in the table as it is here.
_SAME: Final = (
    "id", "organisation_id", "credential_id", "acting_user", "trace_id", "status", "dry_run", "created_at",
    "received_at", "started_at", "finished_at", "format", "encoding", "delimiter", "rows_total", "rows_done",
    "last_row", "content_size", "content_removed_at",
)  # fmt: skip


async def find_import(
    connection: AsyncConnection, organisation_id: UUID, keyring: Keyring, id: UUID
) -> Import:
    """An import of the organisation; raises NotFound for any other and for none."""
    row = await (await driver_of(connection)).fetchrow(_FIND, organisation_id, id)
    if row is None:
        raise NotFound
    return _import_of(row, keyring)


async def list_imports(
    connection: AsyncConnection,
    organisation_id: UUID,
    keyring: Keyring,
    *,
    status: ImportStatus | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[list[Import], UUID | None]:
    """Imports of the organisation that have arrived, oldest first, and where the next page starts."""
    driver = await driver_of(connection)
    rows = await driver.fetch(_LIST, organisation_id, after or _BEFORE_ALL, status, limit + 1)
    page = [_import_of(row, keyring) for row in rows[:limit]]
    return page, page[-1].id if len(rows) > limit else None


async def waiting_imports(connection: AsyncConnection) -> list[tuple[UUID, UUID]]:
    """Uploads that have arrived and are not done: import and organisation, who waits longest first.

    For the service's own work: an organisation sees its own alone.
    """
    return [tuple(row) for row in await (await driver_of(connection)).fetch(_WAITING)]


def _import_of(row: Mapping[str, Any], keyring: Keyring) -> Import:
    """The import of a row, whose key is opened. Raises KeyMissing."""
    place = row_name(row["organisation_id"], row["id"])
    key = keyring.open_data_key(row["key_id"], row["wrapped_key"], place)
    mapping = row["mapping"] and key.decrypt(row["mapping"], table="import", column="mapping", row=place)
    return Import(
        **{name: row[name] for name in _SAME},
        client=_client_of(row),
        mapping=mapping,
        outcomes=row["outcomes"],
        summary=row["summary"],
        faults=tuple(RowFault(**fault) for fault in row["faults"]),
        key=key,
    )


def _client_of(row: Mapping[str, Any]) -> Client:
    """Who asked for it, as it was then; a command has no credential."""
    return Client(
        credential_id=row["credential_id"],
        organisation_id=row["organisation_id"],
        organisation_kind=row["organisation_kind"],
        organisation_code=row["organisation_code"],
        roles=frozenset(row["roles"]),
        team_ids=None,
        newest_edition=0,
    )
