"""Large tables for tests of plans, and a connection that may spoil them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.config import Settings
from app.db.database import build_engine

EMPTY = "TRUNCATE organisation, referral, handover, event, event_audience CASCADE"


@contextmanager
def filled(settings: Settings, fill: Callable[[asyncpg.Connection], Awaitable[None]]) -> Iterator[Settings]:
    """The database with what `fill` puts in, and empty again after the block."""

    async def empty(then: Callable[[asyncpg.Connection], Awaitable[None]] | None) -> None:
        owner = await asyncpg.connect(settings.database_owner_url)
        await owner.execute(EMPTY)
        if then:
            await then(owner)
        await owner.close()

    asyncio.run(empty(fill))
    yield settings
    asyncio.run(empty(None))


@asynccontextmanager
async def rolled_back(settings: Settings) -> AsyncIterator[AsyncConnection]:
    """A connection as the owner, in a transaction that is rolled back: a test may drop an index."""
    assert settings.database_owner_url is not None
    engine = build_engine(settings.database_owner_url, settings)
    async with engine.connect() as opened:
        await opened.exec_driver_sql("BEGIN")
        yield opened
        await opened.exec_driver_sql("ROLLBACK")
    await engine.dispose()
