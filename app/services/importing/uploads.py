"""The upload of an import: sealed parts that arrive in order, are read again, and go when it has ended."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.services.importing.imports import Import

PART_BYTES: Final = 1 << 20


async def add_part(connection: AsyncConnection, import_: Import, number: int, content: bytes) -> None:
    """Keeps a part, at most PART_BYTES; the first has number 1."""
    raise NotImplementedError


async def end_upload(
    connection: AsyncConnection, import_: Import, digest: bytes, size: int, keyring: Keyring, now: datetime
) -> Import:
    """The import whose upload has arrived: SHA-256 and bytes of the whole. It waits to be run from now on.

    Where the same content, mapping and kind of run is unfinished, that one; this one is forgotten.
    """
    raise NotImplementedError


async def read_part(connection: AsyncConnection, import_: Import, number: int) -> bytes | None:
    """A part as it came, None after the last one."""
    raise NotImplementedError


async def remove_parts(connection: AsyncConnection, import_: Import, now: datetime) -> None:
    """Removes the upload: nothing of it is kept."""
    raise NotImplementedError
