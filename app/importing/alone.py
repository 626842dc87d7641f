"""One process at a time works off an import: a lock in the database that ends with whoever holds it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID

from app.db import Database
from app.errors import ImportBusy, Unavailable

_LOCK: Final = "SELECT pg_try_advisory_lock($1)"
_UNLOCK: Final = "SELECT pg_advisory_unlock($1)"


@asynccontextmanager
async def alone_with(database: Database, import_id: UUID) -> AsyncIterator[None]:
    """Nobody else works off this import until the block ends; raises ImportBusy where somebody does.

    Where the connection is lost the lock is gone, and `store_chunk` sees what another has stored.
    """
    loop = asyncio.get_running_loop()
    got: asyncio.Future[bool] = loop.create_future()
    release = asyncio.Event()
    # A task of its own: what goes wrong in the block is no failure of this connection.
    holding = asyncio.create_task(_hold(database, import_id, got, release))
    try:
        if not await got:
            raise ImportBusy
        yield
    finally:
        release.set()
        with suppress(Unavailable):
            await holding


async def _hold(
    database: Database, import_id: UUID, got: asyncio.Future[bool], release: asyncio.Event
) -> None:
    """Tells whether the lock was got, and holds it until it is to be released."""
    # The end of a UUIDv7 is random.
    key = int.from_bytes(import_id.bytes[8:], signed=True)
    try:
        async with database.session() as session:
            got.set_result(await session.driver.fetchval(_LOCK, key))
            if got.result():
                await release.wait()
                await session.driver.execute(_UNLOCK, key)
    except BaseException as error:
        if not got.done():
            got.set_exception(error)
        raise
