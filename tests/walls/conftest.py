"""One row in every guarded table, of a school, and the service's role seen from any side."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from app.config import Settings
from tests.walls.rows import DESK, RECEIVER, RESPONSIBLE, ROWS, SCHOOL, STRANGER

ORGANISATIONS = {
    SCHOOL: ("school", "00ZZ"),
    RECEIVER: ("municipality", "0166"),
    DESK: ("municipality", "0193"),
    RESPONSIBLE: ("municipality", "0202"),
    STRANGER: ("municipality", "0363"),
}
As = Callable[..., AbstractAsyncContextManager[asyncpg.Connection]]


@pytest.fixture
async def rows(settings: Settings, owner: asyncpg.Connection) -> Settings:
    """The settings of a database with one row in each guarded table."""
    for id, (kind, code) in ORGANISATIONS.items():
        await owner.execute(
            "INSERT INTO organisation (id, kind, code, name, created_at) VALUES ($1, $2, $3, $3, now())",
            *(id, kind, code),
        )
    for table, row in ROWS.items():
        await insert(owner, table, row)
    return settings


@pytest.fixture
async def seen_as(rows: Settings) -> As:
    """Gives a connection of the service in a transaction of some organisation, rolled back at its end."""

    @asynccontextmanager
    async def seen(
        organisation: UUID | None = None, scope: str = "organisation", **more: object
    ) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(rows.database_url)
        told = {"organisation": organisation, "scope": scope, **more}
        try:
            transaction = connection.transaction()
            await transaction.start()
            for name, value in told.items():
                await connection.execute(
                    "SELECT set_config($1, $2, true)", f"verwijsroute.{name}", str(value or "")
                )
            yield connection
        finally:
            await connection.close()

    return seen


async def insert(connection: asyncpg.Connection, table: str, row: dict[str, object]) -> None:
    """Inserts a row of values."""
    names, places = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
    await connection.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *row.values())  # noqa: S608


async def count(connection: asyncpg.Connection, table: str) -> int:
    """How many rows of a table are seen."""
    return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608
