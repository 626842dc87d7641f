"""Events get numbers after commit: without a gap, in order per referral, each with those who may see it."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.db import Database
from app.services.numbering import number_events


async def numbered(database: Database, at_once: int = 1_000) -> int:
    async with database.transaction() as connection:
        return await number_events(connection, at_once)


async def test_every_committed_event_gets_the_next_number_once(world: Any, owner: asyncpg.Connection) -> None:
    await world.submit()
    first = await numbered(world.database)
    await world.submit(source_reference="another")
    await numbered(world.database)
    assert await numbered(world.database) == 0
    numbers = [row["number"] for row in await owner.fetch("SELECT number FROM event ORDER BY number")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 0 < first < len(numbers)


async def test_events_of_a_referral_are_numbered_as_they_were_written_whatever_the_clock_said(
    world: Any, owner: asyncpg.Connection
) -> None:
    id = UUID((await world.submit()).referral["id"])
    # The replica that wrote the second one is behind: its moment and its id come before the first.
    await owner.execute(
        "INSERT INTO event (id, organisation_id, referral_id, type, role, at) "
        "VALUES ('00000000-0000-7000-8000-000000000000', $1, $2, 'last', 'referrer', '2020-01-01')",
        *(world.school.organisation_id, id),
    )
    while await numbered(world.database, 2):
        pass
    told = await owner.fetch("SELECT type FROM event WHERE referral_id = $1 ORDER BY number", id)
    assert [row["type"] for row in told] == [
        "referral.created",
        "referral.decided",
        "handover.offered",
        "last",
    ]


async def test_a_transaction_that_is_open_holds_up_no_number(world: Any, owner: asyncpg.Connection) -> None:
    async with world.database.transaction() as slow:
        await world.submit_on(slow, source_reference="slow")
        fast = UUID((await world.submit()).referral["id"])
        await numbered(world.database)
    await numbered(world.database)
    told = await owner.fetch("SELECT referral_id FROM event WHERE referral_id IS NOT NULL ORDER BY number")
    assert [row["referral_id"] == fast for row in told] == [True] * 3 + [False] * 3


async def test_while_one_worker_numbers_the_others_do_nothing(world: Any) -> None:
    await world.submit()
    async with world.database.transaction() as one:
        assert await number_events(one, 1) == 1
        assert await asyncio.wait_for(numbered(world.database), 2) == 0


async def audience(owner: asyncpg.Connection, type: str) -> list[tuple[str, UUID | None, str | None]]:
    rows = await owner.fetch(
        "SELECT side, a.organisation_id, a.team_id FROM event_audience a JOIN event USING (number) "
        "WHERE type = $1 ORDER BY side",
        type,
    )
    return [tuple(row) for row in rows]


async def test_who_referred_and_who_receives_may_see_what_happens_to_a_handover(
    world: Any, owner: asyncpg.Connection
) -> None:
    (handover,) = (await world.submit()).referral["handovers"]
    await numbered(world.database)
    school, municipality = world.school.organisation_id, world.municipality.organisation_id
    assert await audience(owner, "handover.offered") == [
        ("desk", municipality, None),
        ("receiver", municipality, handover["team"]["teamId"]),
        ("referrer", school, None),
    ]
    assert await audience(owner, "referral.decided") == [("referrer", school, None)]


async def test_the_desk_may_see_what_it_decides_over(world: Any, owner: asyncpg.Connection) -> None:
    await world.submit()
    await owner.execute("UPDATE event SET desk_organisation_id = $1", world.core.organisation_id)
    await numbered(world.database)
    assert ("desk", world.core.organisation_id, None) in await audience(owner, "handover.offered")


@pytest.mark.parametrize(
    ("type", "status"),
    [("handover.needs_consent", "offered"), ("handover.flagged", "needs_consent")],
)
async def test_who_referred_alone_is_to_know_of_what_waits_for_consent(
    world: Any, owner: asyncpg.Connection, type: str, status: str
) -> None:
    await world.submit()
    await owner.execute("UPDATE event SET type = $1 WHERE type = 'handover.offered'", type)
    await owner.execute("UPDATE handover SET status = $1", status)
    await owner.execute("UPDATE event SET desk_organisation_id = receiver_organisation_id")
    await numbered(world.database)
    assert [side for side, *_ in await audience(owner, type)] == ["referrer"]
