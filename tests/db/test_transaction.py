"""The one transaction of a request: committed, rolled back, or named Unavailable."""

import asyncpg
import pytest
from sqlalchemy import text

from app.db import Database
from app.db.database import driver_connection


@pytest.fixture
async def table(owner: asyncpg.Connection):
    await owner.execute("CREATE TABLE note (word text); GRANT ALL ON note TO verwijsroute_service")
    yield
    await owner.execute("DROP TABLE note")

async def test_x(database: Database, table: None, owner) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO note VALUES ('a')"))
        await (await driver_connection(connection)).execute("INSERT INTO note VALUES ('b')")
    assert await owner.fetchval("SELECT count(*) FROM note") == 2
