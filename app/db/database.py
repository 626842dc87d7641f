"""The engine on the service role and the one transaction of a request."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal, cast
from uuid import UUID

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.config import Settings
from app.db.addresses import database_addresses
from app.db.failures import is_passing, naming_failures, naming_start_failures
from app.db.fitness import check_fitness

# A database that hangs keeps every attempt in its queue, and works through all of them when it wakes.
CONNECTING_AT_ONCE: Final = 4


# What row-level security lets a transaction see: what concerns one organisation, the ids and states that
# an operator needs, or everything, for the service's own work.
Scope = Literal["organisation", "operator", "system"]
# A list is read in the order of an index, a page and no more. What row-level security looks at stands in no
# index, and PostgreSQL would rather collect all rows and sort them than look up each.
_IN_ORDER: Final = ", set_config('enable_bitmapscan', 'off', true)"


@dataclass(slots=True)
class Session:
    """A connection for one unit of work; until `begin` each statement stands alone and sees open data."""

    connection: AsyncConnection
    driver: asyncpg.Connection
    begun: bool = False

    async def begin(self, scope: Scope, organisation_id: UUID | None = None) -> None:
        """Begins the transaction, for an organisation; ended with the session.

        BEGIN is sent at once and by the driver, so that statements on the raw connection are inside as well.
        The settings hold until the transaction ends and not a statement longer: the connection is another's
        then.
        """
        await self.driver.execute(
            "BEGIN; "
            f"SELECT set_config('verwijsroute.organisation', '{organisation_id or ''}', true), "
            f"set_config('verwijsroute.scope', '{scope}', true){'' if scope == 'system' else _IN_ORDER}"
        )
        self.begun = True


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `engine` is in autocommit: what belongs together goes through a transaction."""

    engine: AsyncEngine

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """A connection whose transaction, once begun, is committed on leaving and rolled back on any error.

        Raises Unavailable when the database is away, hung or full; nothing is stored then, save that a
        connection lost during COMMIT leaves it open: the caller sends the same request again.
        """
        with naming_failures():
            async with self.engine.connect() as connection:
                session = Session(connection, await driver_connection(connection))
                async with _ended(session):
                    yield session

    @asynccontextmanager
    async def transaction_of(self, organisation_id: UUID) -> AsyncIterator[AsyncConnection]:
        """A connection in one transaction that sees what concerns one organisation, as its requests do.

        For what goes on after a request, or is done for an organisation by command. Raises Unavailable.
        """
        async with self.session() as session:
            await session.begin("organisation", organisation_id)
            yield session.connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A connection in one transaction of the service's own, which sees the rows of all organisations.

        For workers, commands and the start; requests are bound to an organisation. Raises Unavailable.
        """
        async with self.session() as session:
            await session.begin("system")
            yield session.connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """As `transaction`, and nothing can be written in it."""
        async with self.session() as session:
            await session.begin("system")
            await session.driver.execute("SET TRANSACTION READ ONLY")
            yield session.connection


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, reachable and fit to serve with, until the block ends. Raises CannotStart."""
    with database_addresses(settings) as addresses:
        engine = build_engine(addresses.service, settings)
        try:
            with naming_start_failures():
                await check_fitness(engine)
            yield Database(engine)
        finally:
            await engine.dispose()


def build_engine(url: str, settings: Settings) -> AsyncEngine:
    """An engine whose every wait is bounded and whose errors hold no parameters."""
    connecting = asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def connect(**_: object) -> asyncpg.Connection:
        async with asyncio.timeout(settings.database_connect_seconds), connecting:
            return await asyncpg.connect(
                url,
                timeout=settings.database_connect_seconds,
                command_timeout=settings.database_command_seconds,
                server_settings={
                    "application_name": "verwijsroute",
                    "statement_timeout": _milliseconds(settings.database_statement_seconds),
                    "lock_timeout": _milliseconds(settings.database_lock_seconds),
                    "idle_in_transaction_session_timeout": _milliseconds(settings.database_idle_seconds),
                },
            )

    engine = create_async_engine(
        "postgresql+asyncpg://",
        connect_args={"async_creator_fn": connect},
        isolation_level="AUTOCOMMIT",
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_pool_seconds,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


async def driver_connection(connection: AsyncConnection) -> asyncpg.Connection:
    """The driver's own connection, for statements that go past SQLAlchemy."""
    raw = await connection.get_raw_connection()
    return cast("asyncpg.Connection", raw.driver_connection)


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


def _refuse_closed(dbapi_connection: Any, _record: object, _proxy: object) -> None:
    """Replaces a connection that the server has closed: asyncpg knows without asking, unlike a ping."""
    if dbapi_connection.driver_connection.is_closed():
        raise DisconnectionError


@asynccontextmanager
async def _ended(session: Session) -> AsyncIterator[None]:
    """Commits what was begun, or leaves nothing behind."""
    try:
        yield
        if session.begun:
            await _commit(session.driver)
    except BaseException as error:
        hopeless = is_passing(error) or session.driver.is_closed()
        await _roll_back(session.connection, session.driver, hopeless=hopeless)
        raise


async def _commit(driver: asyncpg.Connection) -> None:
    """Commits, and makes sure of it: to COMMIT after a swallowed error PostgreSQL answers ROLLBACK."""
    if await driver.execute("COMMIT") != "COMMIT":
        raise RuntimeError("the transaction had failed before and was rolled back instead of committed")


async def _roll_back(connection: AsyncConnection, driver: asyncpg.Connection, *, hopeless: bool) -> None:
    """Leaves no transaction open; a connection that may not answer is cut at once instead of waited for."""
    try:
        if not hopeless and driver.is_in_transaction():
            await driver.execute("ROLLBACK")
    finally:
        if hopeless or driver.is_in_transaction():
            driver.terminate()
            await connection.invalidate()
