"""The upload of an import: sealed parts that arrive in order, are read again, and go when it has ended."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.adapters.postgres import driver_of
from app.errors import ImportTaken
from app.services.importing.course import Unfinished, content_index, find_unfinished
from app.services.importing.imports import Import, find_import

PART_BYTES: Final = 1 << 20

# Locked, so that none arrives behind the end of the import, which removes them.
_WANTED: Final = """
SELECT id FROM import
 WHERE organisation_id = $1 AND id = $2 AND finished_at IS NULL AND received_at IS NULL FOR SHARE
"""
_ADD: Final = "INSERT INTO import_part (import_id, number, organisation_id, content) VALUES ($1, $2, $3, $4)"
_READ: Final = "SELECT content FROM import_part WHERE organisation_id = $1 AND import_id = $2 AND number = $3"
_FORGET: Final = "DELETE FROM import WHERE organisation_id = $1 AND id = $2"
_RECEIVED: Final = """
UPDATE import SET received_at = $3, digest_index = $4, content_size = $5
 WHERE organisation_id = $1 AND id = $2 AND finished_at IS NULL AND received_at IS NULL RETURNING id
"""


async def add_part(connection: AsyncConnection, import_: Import, number: int, content: bytes) -> None:
    """Keeps a part, at most PART_BYTES; the first has number 1.

    Raises ValueError for a longer one, ImportTaken where the import has ended or all have arrived.
    """
    if len(content) > PART_BYTES:
        raise ValueError(f"a part is at most {PART_BYTES} bytes")
    driver, own = await driver_of(connection), import_.organisation_id
    if await driver.fetchval(_WANTED, own, import_.id) is None:
        raise ImportTaken
    sealed = import_.key.encrypt(content, **_place(import_, number))
    await driver.execute(_ADD, import_.id, number, own, sealed)


async def end_upload(
    connection: AsyncConnection, import_: Import, digest: bytes, size: int, keyring: Keyring, now: datetime
) -> Import:
    """The import whose upload has arrived: SHA-256 and bytes of the whole. It waits to be run from now on.

    Where the same content, mapping and kind of run is unfinished, that one; this one is forgotten then.
    Raises ImportTaken where it has ended meanwhile.
    """
    driver, own = await driver_of(connection), import_.organisation_id
    index = content_index(keyring, own, digest, import_.mapping)
    is_command = import_.credential_id is None
    known = Unfinished(index, import_.dry_run, is_kept=True, is_command=is_command)
    earlier = await find_unfinished(connection, own, known)
    if earlier:
        await driver.execute(_FORGET, own, import_.id)
    elif await driver.fetchval(_RECEIVED, own, import_.id, now, index, size) is None:
        raise ImportTaken
    return await find_import(connection, own, keyring, earlier or import_.id)


async def drop_upload(connection: AsyncConnection, import_: Import) -> None:
    """Removes an upload that arrived in this transaction, since another import is what was asked."""
    await (await driver_of(connection)).execute(_FORGET, import_.organisation_id, import_.id)


async def read_part(connection: AsyncConnection, import_: Import, number: int) -> bytes | None:
    """A part as it came, None after the last one; none where the import has ended."""
    driver = await driver_of(connection)
    sealed = await driver.fetchval(_READ, import_.organisation_id, import_.id, number)
    return None if sealed is None else import_.key.decrypt(sealed, **_place(import_, number))


def _place(import_: Import, number: int) -> dict[str, str]:
    return {"table": "import_part", "column": "content", "row": f"{import_.place}/{number}"}
