"""Forgets imports after their term, and uploads that nobody imported in theirs."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.services.importing.course import end_import
from app.services.importing.rows import RowFault

EXPIRED: Final = RowFault(None, "upload.expired", "The upload was not imported within its term.")

# Its own term counts from its end; one that never ends is not kept for ever.
OLD_IMPORTS: Final = """
SELECT count(DISTINCT i.id) + count(r.number)
  FROM import AS i LEFT JOIN import_row AS r ON r.import_id = i.id
 WHERE coalesce(i.finished_at, i.created_at) < $1
"""
# A CTE, which is read once: see FORGET in repeats.
_FORGET_ROWS: Final = """
WITH old AS MATERIALIZED (
    SELECT r.import_id, r.number FROM import AS i JOIN import_row AS r ON r.import_id = i.id
     WHERE coalesce(i.finished_at, i.created_at) < $1 LIMIT $2 FOR UPDATE OF r SKIP LOCKED
)
DELETE FROM import_row AS r USING old WHERE r.import_id = old.import_id AND r.number = old.number
"""
_FORGET: Final = """
WITH old AS MATERIALIZED (
    SELECT i.id FROM import AS i
     WHERE coalesce(i.finished_at, i.created_at) < $1
       AND NOT EXISTS (SELECT FROM import_row AS r WHERE r.import_id = i.id)
     LIMIT $2 FOR UPDATE SKIP LOCKED
)
DELETE FROM import AS i USING old WHERE i.id = old.id
"""
# Those that read a file on the spot have no upload: they were received at once, and have no size.
OLD_UPLOADS: Final = """
SELECT count(*) FROM import
 WHERE created_at < $1 AND finished_at IS NULL AND (received_at IS NULL OR content_size IS NOT NULL)
"""
_EXPIRE: Final = """
SELECT id, organisation_id FROM import
 WHERE created_at < $1 AND finished_at IS NULL AND (received_at IS NULL OR content_size IS NOT NULL)
 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
"""
_EXPIRE_OF: Final = """
SELECT id FROM import
 WHERE organisation_id = $1 AND created_at < $2 AND finished_at IS NULL AND content_size IS NOT NULL
 ORDER BY id FOR UPDATE
"""
RESTORED: Final = RowFault(
    None, "upload.restored", "An older backup was put back: it may hold who was erased."
)


async def forget_imports(connection: AsyncConnection, before: datetime, at_once: int) -> int:
    """Forgets rows of imports that ended before a moment, and imports that have none left.

    At most so many rows and so many imports; the caller commits. Returns how many of both.
    """
    driver = await driver_of(connection)
    rows = int((await driver.execute(_FORGET_ROWS, before, at_once)).rpartition(" ")[2])
    return rows + int((await driver.execute(_FORGET, before, at_once)).rpartition(" ")[2])


async def expire_uploads(connection: AsyncConnection, before: datetime, now: datetime, at_once: int) -> int:
    """Ends imports whose upload was begun before a moment, so that it goes; the caller commits.

    At most so many; returns how many.
    """
    rows = await (await driver_of(connection)).fetch(_EXPIRE, before, at_once)
    for id, organisation in rows:
        await end_import(connection, organisation, id, "failed", (EXPIRED,), now)
    return len(rows)


async def end_restored_uploads(
    connection: AsyncConnection, organisation_id: UUID, before: datetime, now: datetime
) -> None:
    """Ends an organisation's imports whose upload was begun before a moment; the caller commits.

    At that moment somebody was erased of whom this database knows nothing: a backup was put back that is
    older than the referral. What it was imported from may wait here again.
    """
    driver = await driver_of(connection)
    for row in await driver.fetch(_EXPIRE_OF, organisation_id, before):
        await end_import(connection, organisation_id, row["id"], "failed", (RESTORED,), now)
