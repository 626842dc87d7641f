"""What each job does, and that several workers at once do it no differently than one."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from app.config import Settings
from app.resources import Resources, open_resources
from app.services.clients import create_client, create_organisation, revoke_client
from app.services.directories import current_edition, load_directory
from app.services.repeats import FORGOTTEN_AT_ONCE, KEPT_FOR, forget_old_keys
from app.worker import expired_keys, idempotency_keys, number_events

SECOND = timedelta(seconds=1)
PLANT = """
INSERT INTO idempotency (organisation_id, key_index, fingerprint, referral_id, created_at)
SELECT gen_random_uuid(), int8send(n), 'x', gen_random_uuid(), now() - $1::interval
  FROM generate_series(1, $2) AS n
"""


@pytest.fixture
async def resources(settings: Settings) -> AsyncIterator[Resources]:
    async with open_resources(settings) as opened:
        yield opened


@pytest.fixture
async def municipality(resources: Resources) -> UUID:
    async with resources.database.transaction() as connection:
        now = resources.clock.now()
        return await create_organisation(connection, kind="municipality", code="0166", name="K", now=now)


async def give_key(resources: Resources, organisation: UUID, ends_in: timedelta | None, role: str) -> str:
    async with resources.database.transaction() as connection:
        now = resources.clock.now()
        ends = None if ends_in is None else now + ends_in
        key = await create_client(
            connection, organisation, label="", roles=frozenset({role}), now=now, expires_at=ends
        )
    return key.split("_")[1]


async def connected(resources: Resources) -> tuple[int, bool]:
    async with resources.database.transaction() as connection:
        edition = await current_edition(connection)
        return edition, "0166" in (await load_directory(connection, edition, {})).connected


async def test_keys_are_forgotten_after_72_hours_and_not_before(
    resources: Resources, owner: asyncpg.Connection
) -> None:
    await owner.execute(PLANT, KEPT_FOR + SECOND, 3)
    await owner.execute(PLANT, KEPT_FOR - timedelta(minutes=1), 2)
    assert await idempotency_keys.JOB.run(resources) == 3
    assert await owner.fetchval("SELECT count(*) FROM idempotency") == 2


async def test_so_many_keys_and_no_more_are_forgotten_at_once(
    resources: Resources, owner: asyncpg.Connection
) -> None:
    await owner.execute(PLANT, KEPT_FOR + SECOND, FORGOTTEN_AT_ONCE + 5)
    assert [await idempotency_keys.JOB.run(resources) for _ in range(3)] == [FORGOTTEN_AT_ONCE, 5, 0]


async def test_no_plan_of_the_database_forgets_more_than_was_asked(
    resources: Resources, owner: asyncpg.Connection
) -> None:
    await owner.execute(PLANT, KEPT_FOR + SECOND, 30)
    async with resources.database.transaction() as connection:
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize"):
            await connection.execute(text(f"SET LOCAL enable_{way} = off"))
        assert await forget_old_keys(connection, resources.clock.now(), 10) == 10


async def test_several_workers_forget_each_key_once_and_do_not_wait_for_one_another(
    resources: Resources, owner: asyncpg.Connection
) -> None:
    await owner.execute(PLANT, KEPT_FOR + SECOND, 30)
    async with resources.database.transaction() as first:
        assert await forget_old_keys(first, resources.clock.now(), 10) == 10
        # The first has not committed: the others take what is left, at once.
        others = await asyncio.wait_for(
            asyncio.gather(*(idempotency_keys.JOB.run(resources) for _ in range(3))), 2
        )
    assert sum(others) == 20
    assert await owner.fetchval("SELECT count(*) FROM idempotency") == 0


async def test_what_is_committed_has_its_number_within_a_second(
    resources: Resources, municipality: UUID, owner: asyncpg.Connection
) -> None:
    await give_key(resources, municipality, None, "team")  # the directory says so in an event
    assert number_events.JOB.every <= SECOND / 2
    assert await number_events.JOB.run(resources) == 2
    assert await owner.fetchval("SELECT max(number) FROM event") == 2
    assert await number_events.JOB.run(resources) == 0


async def test_an_organisation_is_disconnected_when_its_last_key_for_a_team_expires(
    resources: Resources, municipality: UUID, owner: asyncpg.Connection
) -> None:
    await give_key(resources, municipality, timedelta(hours=1), "team")
    await give_key(resources, municipality, None, "referrer")
    assert await expired_keys.JOB.run(resources) == 0
    assert (await connected(resources))[1]
    await owner.execute(
        "UPDATE credential SET expires_at = now() - interval '1 second' WHERE 'team' = ANY(roles)"
    )
    assert await expired_keys.JOB.run(resources) == 1
    assert not (await connected(resources))[1]


async def test_an_organisation_with_another_working_key_stays_connected(
    resources: Resources, municipality: UUID
) -> None:
    await give_key(resources, municipality, -SECOND, "team")
    await give_key(resources, municipality, None, "desk")
    assert await expired_keys.JOB.run(resources) == 0
    assert (await connected(resources))[1]


@pytest.mark.usefixtures("municipality")
async def test_an_organisation_that_never_had_a_key_is_left_as_it_was_registered(
    resources: Resources, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        "INSERT INTO directory_organisation VALUES ('municipality', '0166', 'K', true, 1, NULL)"
    )
    assert await expired_keys.JOB.run(resources) == 0
    assert (await connected(resources))[1]


async def test_several_workers_make_one_edition(resources: Resources, municipality: UUID) -> None:
    await give_key(resources, municipality, -SECOND, "team")
    edition, _ = await connected(resources)
    assert sum(await asyncio.gather(*(expired_keys.JOB.run(resources) for _ in range(8)))) >= 1
    assert await connected(resources) == (edition + 1, False)


async def test_a_key_given_while_the_last_one_ends_leaves_the_organisation_connected(
    resources: Resources, municipality: UUID
) -> None:
    old = await give_key(resources, municipality, None, "team")
    for _ in range(10):

        async def revoke(public_id: str) -> None:
            async with resources.database.transaction() as connection:
                await revoke_client(connection, public_id, now=resources.clock.now())

        _, new = await asyncio.gather(revoke(old), give_key(resources, municipality, None, "team"))
        assert (await connected(resources))[1]
        old = new
