"""An owner of the tables that is no superuser: it migrates, and the walls bind it too."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.adapters.embedded_postgres import EmbeddedPostgres
from app.config import Settings
from app.db import Database, migrate, open_database
from app.services.clients import Client, authenticate, create_client, create_organisation
from tests.walls.conftest import count, insert
from tests.walls.rows import ANOTHER, NOW, ROWS

LONG_AGO = NOW.replace(year=2020)


@pytest.fixture
async def plain(
    settings: Settings, server: EmbeddedPostgres, owner: asyncpg.Connection
) -> AsyncIterator[Settings]:
    """The settings of a database whose owner is a plain role."""
    await owner.execute("CREATE ROLE plain_owner LOGIN")
    await owner.execute("CREATE DATABASE plain OWNER plain_owner")
    urls = {"database_url": server.url("verwijsroute_service", "plain")}
    yield settings.model_copy(update={**urls, "database_owner_url": server.url("plain_owner", "plain")})
    await owner.execute("DROP DATABASE plain WITH (FORCE)")
    await owner.execute("DROP ROLE plain_owner")


async def client_of(database: Database) -> Client:
    async with database.transaction() as connection:
        organisation = await create_organisation(connection, kind="school", code="00ZZ", name="-", now=NOW)
        roles = frozenset({"referrer"})
        key = await create_client(connection, organisation, label="test", roles=roles, now=NOW)
    async with database.session() as session:
        return await authenticate(session.connection, key, NOW)


async def logged(plain: Settings, client: Client) -> None:
    """A look, and an event of long ago before another one; the owner must say that it acts for all."""
    owner = await asyncpg.connect(plain.database_owner_url)
    assert await count(owner, "credential") == 0
    await owner.execute("SET verwijsroute.scope = 'system'")
    look = ROWS["access_log"] | {"organisation_id": client.organisation_id, "number": 1, "hash": b"1"}
    await insert(owner, "access_log", look)
    await insert(owner, "event", ROWS["event"] | {"at": LONG_AGO})
    await insert(owner, "event", ROWS["event"] | ANOTHER["event"] | {"number": 2})
    await owner.close()


async def test_the_service_works_on_tables_of_a_plain_owner_who_sees_nothing_unasked(plain: Settings) -> None:
    await asyncio.to_thread(migrate, plain)
    async with open_database(plain) as database:
        client = await client_of(database)
        await logged(plain, client)
        async with database.session() as session:
            driver, organisation = session.driver, client.organisation_id
            assert await driver.fetchval("SELECT cut_access_log($1, 1)", organisation) == 0
            await session.begin("system")
            assert await driver.fetchval("SELECT cut_access_log($1, 1)", organisation) == 1
            assert await driver.fetchval("SELECT forget_events(now() - interval '1 year', 9)") == 1
