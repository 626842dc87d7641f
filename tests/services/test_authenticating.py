"""A look-up of a client notes the day and takes of its quota, and keeps nobody waiting."""

import asyncio
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from app.db import Database
from app.services.authenticating import Client, authenticate
from app.services.clients import create_client
from app.services.quotas import Quota, allowance_of

HOUR = timedelta(hours=1)
TWO = Quota(2, 3600)


async def new_key(world: Any, **rights: Any) -> str:
    async with world.database.transaction() as connection:
        return await create_client(
            connection,
            world.school.organisation_id,
            label="extra",
            roles=frozenset({"referrer"}),
            now=world.now,
            **rights,
        )


async def who(database: Database, key: str, now: Any, quota: Quota = TWO) -> Client:
    async with database.session() as session:
        return await authenticate(session.connection, key, now, quota)


async def noted(owner: asyncpg.Connection, key: str) -> tuple[date | None, int]:
    """The last day of a key, and which transaction wrote its row."""
    query = "SELECT last_used_on, xmin::text::bigint FROM credential WHERE public_id = $1"
    found = await owner.fetchrow(query, key.split("_")[1])
    return found[0], found[1]


async def test_the_last_day_is_noted_in_dutch_time_and_once_a_day(
    world: Any, owner: asyncpg.Connection
) -> None:
    key, late = await new_key(world), world.now.replace(hour=23, minute=30)
    assert (await noted(owner, key))[0] is None
    await who(world.database, key, late)
    day, writer = await noted(owner, key)
    await who(world.database, key, late + HOUR)
    assert day == (late + HOUR).date()
    assert await noted(owner, key) == (day, writer)
    await who(world.database, key, late + 24 * HOUR)
    assert (await noted(owner, key))[0] == day + timedelta(days=1)


async def test_a_credential_that_somebody_changes_keeps_no_request_waiting(
    world: Any, owner: asyncpg.Connection
) -> None:
    key = await new_key(world)
    async with owner.transaction(), asyncio.timeout(2):
        await owner.execute("UPDATE credential SET label = 'changing'")
        assert (await who(world.database, key, world.now)).organisation_code == "00ZZ"


async def test_a_request_that_goes_on_holds_no_bucket(world: Any) -> None:
    key = await new_key(world)
    async with world.database.session() as session:
        client = await authenticate(session.connection, key, world.now, TWO)
        await session.begin("organisation", client.organisation_id)
        async with asyncio.timeout(2):
            second = await who(world.database, key, world.now)
    assert second.allowance is not None
    assert second.allowance.remaining == 0


async def test_a_key_of_its_own_quota_has_that(world: Any) -> None:
    wide, free = await new_key(world, quota=10), await new_key(world, quota=0)
    allowance = (await who(world.database, wide, world.now)).allowance
    assert allowance is not None
    assert (allowance.quota.requests, allowance.remaining) == (10, 9)
    assert (await who(world.database, free, world.now)).allowance is None


async def test_where_nothing_can_be_written_clients_are_known_and_not_counted(world: Any) -> None:
    key = await new_key(world)
    async with world.database.session() as session:
        await session.driver.execute("SET default_transaction_read_only = on")
        client = await authenticate(session.connection, key, world.now, TWO)
        await session.driver.execute("RESET default_transaction_read_only")
    assert client.organisation_code == "00ZZ"
    assert client.allowance is None


async def test_a_bucket_is_written_without_waiting_for_the_disk(owner: asyncpg.Connection) -> None:
    assert await owner.fetchval("SELECT relpersistence FROM pg_class WHERE relname = 'bucket'") == b"u"


@pytest.mark.parametrize(
    ("backlog", "refused", "remaining", "reset"),
    [
        (30.0, False, 1, 30),
        (60.0, False, 0, 60),
        (59.9999, False, 0, 60),
        (60.0, True, 0, 30),
        (31.0, True, 0, 1),
    ],
)
def test_an_allowance_follows_from_the_backlog(
    backlog: float, refused: bool, remaining: int, reset: int
) -> None:
    allowance = allowance_of(Quota(2, 60), backlog, refused=refused)
    assert (allowance.remaining, allowance.reset) == (remaining, reset)
