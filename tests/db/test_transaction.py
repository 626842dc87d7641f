"""The one transaction of a request: committed, rolled back, or named Unavailable."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.config import Settings
from app.db import Database, open_database
from app.db.database import driver_connection
from app.errors import Unavailable


async def words(owner: asyncpg.Connection) -> list[str]:
    return [row["word"] for row in await owner.fetch("SELECT word FROM note ORDER BY word")]


@pytest.fixture
def impatient(settings: Settings) -> Settings:
    """One connection, and half a second for anything."""
    return settings.model_copy(
        update={
            "database_pool_size": 1,
            "database_pool_seconds": 0.1,
            "database_lock_seconds": 0.3,
            "database_statement_seconds": 0.5,
            "database_command_seconds": 1.0,
            "database_idle_seconds": 0.3,
        }
    )


@pytest.mark.usefixtures("notes")
async def test_what_a_transaction_wrote_is_committed_on_leaving(
    database: Database, owner: asyncpg.Connection
) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO note VALUES ('core')"))
    assert await words(owner) == ["core"]


@pytest.mark.usefixtures("notes")
async def test_an_error_rolls_back_statements_of_sqlalchemy_and_of_the_driver_alike(
    database: Database, owner: asyncpg.Connection
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            driver = await driver_connection(connection)
            await driver.execute("INSERT INTO note VALUES ('driver')")
            await connection.execute(text("INSERT INTO note VALUES ('core')"))
            raise ZeroDivisionError
    assert await words(owner) == []


@pytest.mark.usefixtures("notes")
async def test_a_cancelled_request_leaves_nothing_behind_and_its_connection_is_clean(
    impatient: Settings, owner: asyncpg.Connection
) -> None:
    async with open_database(impatient) as database:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), database.transaction() as connection:
                await connection.execute(text("INSERT INTO note VALUES ('half')"))
                await connection.execute(text("SELECT pg_sleep(5)"))
        async with database.transaction() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM note")) == 0
    assert await words(owner) == []


@pytest.mark.usefixtures("notes")
async def test_a_swallowed_error_is_not_taken_for_a_commit(database: Database) -> None:
    with pytest.raises(RuntimeError, match="rolled back instead of committed"):
        async with database.transaction() as connection:
            with pytest.raises(DBAPIError):
                await connection.execute(text("SELECT 1/0"))


@pytest.mark.usefixtures("notes")
async def test_a_duplicate_keeps_its_own_name_so_that_a_service_can_explain_it(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as connection:
            await connection.execute(text("INSERT INTO note VALUES ('twice'), ('twice')"))


async def test_a_value_of_the_wrong_type_is_our_fault_and_not_an_absent_database(database: Database) -> None:
    with pytest.raises(asyncpg.DataError):
        async with database.transaction() as connection:
            await (await driver_connection(connection)).fetchval("SELECT $1::int", "three")


@pytest.mark.usefixtures("notes")
async def test_a_locked_table_is_unavailable(impatient: Settings, owner: asyncpg.Connection) -> None:
    async with open_database(impatient) as database, owner.transaction():
        await owner.execute("LOCK TABLE note IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Unavailable, match="LockNotAvailableError"):
            async with database.transaction() as connection:
                await connection.execute(text("SELECT * FROM note"))


async def test_a_statement_that_takes_too_long_is_unavailable(impatient: Settings) -> None:
    async with open_database(impatient) as database:
        with pytest.raises(Unavailable, match="QueryCanceledError"):
            async with database.transaction() as connection:
                await connection.execute(text("SELECT pg_sleep(5)"))


async def test_no_free_connection_is_unavailable(impatient: Settings) -> None:
    async with open_database(impatient) as database, database.transaction():
        with pytest.raises(Unavailable):
            async with database.transaction():
                pytest.fail("a pool of one gave a second connection")


async def test_a_transaction_that_stands_idle_is_ended_and_unavailable(impatient: Settings) -> None:
    async with open_database(impatient) as database:
        with pytest.raises(Unavailable):
            async with database.transaction() as connection:
                await asyncio.sleep(0.6)
                await connection.execute(text("SELECT 1"))
        async with database.transaction() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1


async def test_the_text_of_unavailable_holds_no_value(impatient: Settings) -> None:
    async with open_database(impatient) as database:
        with pytest.raises(Unavailable) as caught:
            async with database.transaction() as connection:
                await connection.execute(text("SELECT pg_sleep(5), :name"), {"name": "canary"})
    assert "canary" not in str(caught.value)
    assert "canary" not in str(caught.value.__cause__)


WHOSE = """
SELECT current_setting('verwijsroute.organisation', true), current_setting('verwijsroute.scope', true)
"""


async def test_an_organisation_is_that_of_one_transaction_and_gone_with_it(impatient: Settings) -> None:
    organisation = uuid4()
    async with open_database(impatient) as database:
        async with database.session() as session:
            await session.begin("organisation", organisation)
            assert tuple(await session.driver.fetchrow(WHOSE)) == (str(organisation), "organisation")
        async with database.session() as session:
            assert tuple(await session.driver.fetchrow(WHOSE)) == ("", "")


@pytest.mark.usefixtures("notes")
async def test_a_session_that_never_began_has_nothing_to_commit(database: Database) -> None:
    async with database.session() as session:
        assert await session.driver.fetchval("SELECT count(*) FROM note") == 0
        assert not session.driver.is_in_transaction()
