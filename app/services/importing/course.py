"""The course of an import: begun or taken up again, started, cancelled, failed and finished."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.adapters.identifiers import new_ids
from app.adapters.postgres import driver_of
from app.errors import ImportTaken
from app.services.clients import Client
from app.services.importing.imports import Import, ImportStatus, find_import
from app.services.importing.rows import RowFault
from app.services.sealed import row_name

_BEGIN: Final = """
INSERT INTO import (id, organisation_id, status, dry_run, created_at, received_at, credential_id, roles,
    acting_user, trace_id, key_id, wrapped_key, digest_index, mapping, rows_done, last_row, outcomes, summary,
    faults)
VALUES ($1, $2, 'pending', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, '{}', '{}', '[]')
"""
_UNFINISHED: Final = """
SELECT id FROM import
 WHERE organisation_id = $1 AND digest_index = $2 AND dry_run = $3 AND finished_at IS NULL
   AND received_at IS NOT NULL AND (content_size IS NOT NULL) = $4 AND (credential_id IS NULL) = $5
 ORDER BY id LIMIT 1
"""
_START: Final = """
UPDATE import SET status = 'processing', started_at = coalesce(started_at, $3), format = $4, encoding = $5,
       delimiter = $6, rows_total = $7
 WHERE organisation_id = $1 AND id = $2 AND finished_at IS NULL RETURNING id
"""
_END: Final = """
UPDATE import SET status = $3, finished_at = $4, faults = $5,
       content_removed_at = CASE WHEN content_size IS NOT NULL OR received_at IS NULL THEN $4::timestamptz END
 WHERE organisation_id = $1 AND id = $2 AND finished_at IS NULL RETURNING id
"""
_REMOVE_UPLOAD: Final = "DELETE FROM import_part WHERE organisation_id = $1 AND import_id = $2"
_REMOVE_ERASURES: Final = "DELETE FROM import_erasure WHERE organisation_id = $1 AND import_id = $2"
# Kept while there might be doubles: index and fingerprint of what was refused in this very file.
_FORGET_NAMELESS: Final = """
UPDATE import_row SET reference_index = NULL, content_fingerprint = NULL
 WHERE organisation_id = $1 AND import_id = $2 AND reference IS NULL AND reference_index IS NOT NULL
"""
_TELL: Final = """
INSERT INTO event (id, organisation_id, type, role, correlation_id, at)
VALUES ($1, $2, 'import.finished', 'system', $3, $4)
"""


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


@dataclass(frozen=True, slots=True)
class Unfinished:
    """By what an import is found again: content, kind of run, and who goes on with it.

    What is kept is read from the database, else from the file again. A command's a command goes on with,
    any other the worker: neither can read what the other began.
    """

    index: bytes
    dry_run: bool
    is_kept: bool
    is_command: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What is known of the file before its first row is stored."""

    format: str
    encoding: str | None
    delimiter: str | None
    rows_total: int


async def begin_import(
    connection: AsyncConnection, asked: NewImport, client: Client, keyring: Keyring, now: datetime
) -> Import:
    """A new import, or the unfinished one of the same organisation, content, mapping and kind of run."""
    own = client.organisation_id
    index = asked.digest and content_index(keyring, own, asked.digest, asked.mapping)
    if index:
        known = Unfinished(index, asked.dry_run, is_kept=False, is_command=client.credential_id is None)
        earlier = await find_unfinished(connection, own, known)
        if earlier:
            return await find_import(connection, own, keyring, earlier)
    id = new_ids(now, 1)[0]
    place = row_name(own, id)
    key, wrapped, key_id = keyring.new_data_key(place)
    mapping = asked.mapping and key.encrypt(asked.mapping, table="import", column="mapping", row=place)
    who = (client.credential_id, sorted(client.roles), asked.acting_user, asked.trace_id)
    when = (now, now if index else None)
    await (await driver_of(connection)).execute(
        _BEGIN, id, own, asked.dry_run, *when, *who, key_id, wrapped, index, mapping
    )
    return await find_import(connection, own, keyring, id)


def content_index(keyring: Keyring, organisation: UUID, digest: bytes, mapping: bytes | None) -> bytes:
    """Under which a file with its mapping is found again: keyed, as all indexes are."""
    return keyring.index("import_content", organisation, digest + hashlib.sha256(mapping or b"").digest())


async def find_unfinished(
    connection: AsyncConnection, organisation_id: UUID, known: Unfinished
) -> UUID | None:
    """The oldest one that whoever asks may go on with, whose content has arrived."""
    driver = await driver_of(connection)
    like = (known.index, known.dry_run, known.is_kept, known.is_command)
    found: UUID | None = await driver.fetchval(_UNFINISHED, organisation_id, *like)
    return found


async def start_import(
    connection: AsyncConnection, import_: Import, examined: Examined, keyring: Keyring, now: datetime
) -> Import:
    """The import, processing from now on; raises ImportTaken where it has ended meanwhile."""
    own = (import_.organisation_id, import_.id)
    how = (examined.format, examined.encoding, examined.delimiter, examined.rows_total)
    if await (await driver_of(connection)).fetchval(_START, *own, now, *how) is None:
        raise ImportTaken
    return await find_import(connection, own[0], keyring, own[1])


async def cancel_import(
    connection: AsyncConnection, organisation_id: UUID, keyring: Keyring, id: UUID, now: datetime
) -> Import:
    """Ends an import at once, whoever runs it; what was stored stays, and one that has ended stays so.

    Whoever runs it hears so at the next chunk, by ImportTaken. Raises NotFound.
    """
    await find_import(connection, organisation_id, keyring, id)
    await end_import(connection, organisation_id, id, "cancelled", (), now)
    return await find_import(connection, organisation_id, keyring, id)


async def finish_import(
    connection: AsyncConnection, import_: Import, keyring: Keyring, now: datetime
) -> Import:
    """Ends an import of which every row is done; its upload goes, and its end is told.

    Raises ImportTaken where it has ended meanwhile.
    """
    return await _end_own(connection, import_, "succeeded", (), keyring, now)


async def fail_import(
    connection: AsyncConnection,
    import_: Import,
    faults: Sequence[RowFault],
    keyring: Keyring,
    now: datetime,
) -> Import:
    """Ends an import whose file cannot be run, with what is wrong with it; what was stored stays.

    Raises ImportTaken where it has ended meanwhile.
    """
    return await _end_own(connection, import_, "failed", faults, keyring, now)


async def _end_own(
    connection: AsyncConnection,
    import_: Import,
    status: ImportStatus,
    faults: Sequence[RowFault],
    keyring: Keyring,
    now: datetime,
) -> Import:
    if not await end_import(connection, import_.organisation_id, import_.id, status, faults, now):
        raise ImportTaken
    return await find_import(connection, import_.organisation_id, keyring, import_.id)


async def end_import(
    connection: AsyncConnection,
    organisation_id: UUID,
    id: UUID,
    status: ImportStatus,
    faults: Sequence[RowFault],
    now: datetime,
) -> bool:
    """Whether it ended now: its upload goes, nothing is kept of what was refused, and its end is told."""
    driver, own = await driver_of(connection), (organisation_id, id)
    told = json.dumps([asdict(fault) for fault in faults])
    if await driver.fetchval(_END, *own, status, now, told) is None:
        return False
    await driver.execute(_REMOVE_UPLOAD, *own)
    await driver.execute(_REMOVE_ERASURES, *own)
    await driver.execute(_FORGET_NAMELESS, *own)
    await driver.execute(_TELL, new_ids(now, 1)[0], organisation_id, str(id), now)
    return True
