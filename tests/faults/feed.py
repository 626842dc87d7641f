"""Writers that change referrals at once, some slow to commit, with clocks that differ; workers; a reader."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.identifiers import new_ids
from app.adapters.postgres import driver_of
from app.db import Database
from app.resources import Resources
from app.services.clients import Client, authenticate
from app.services.feed import START, read_feed
from app.services.numbering import number_events
from app.services.referrals import submit
from tests.services.conftest import SUBMISSION

WRITERS, REFERRALS, CHANGES = 16, 24, 15
PAGE: Final = 7
WRITE: Final = """
INSERT INTO event (id, organisation_id, referral_id, type, role, correlation_id, at)
SELECT $1, $2, $3, 'handover.flagged', 'system', count(*)::text, $4 FROM event WHERE referral_id = $3
"""

# The next events after a place, and the place after them.
Read = Callable[[AsyncConnection, Client, Any], Awaitable[tuple[list[UUID], Any]]]


@dataclass
class Told:
    """What was committed, in order for each referral, and what the reader saw."""

    client: Client
    committed: dict[UUID, list[UUID]] = field(default_factory=dict)
    seen: list[UUID] = field(default_factory=list)
    place: Any = START

    def faults(self) -> Counter[str]:
        """How many events were missed or doubled, and how many referrals came out of order."""
        order = {id: place for place, id in enumerate(self.seen)}
        wanted = {id for ids in self.committed.values() for id in ids}
        found = Counter(self.seen)
        places = [[order[id] for id in ids if id in order] for ids in self.committed.values()]
        return Counter(
            missed=len(wanted - found.keys()),
            doubled=sum(found[id] > 1 for id in wanted),
            disordered=sum(one != sorted(one) for one in places),
        )


async def by_number(connection: AsyncConnection, client: Client, place: Any) -> tuple[list[UUID], Any]:
    """As the service reads."""
    items, following, _ = await read_feed(connection, client, after=place, limit=PAGE)
    return [UUID(item["id"]) for item in items], following


def by_last_seen(column: str) -> Read:
    """As one reads who takes the last value seen of a column for the place to go on from."""
    query = f"SELECT id, {column} FROM event WHERE {column} > $1 ORDER BY {column} LIMIT {PAGE}"  # noqa: S608

    async def read(connection: AsyncConnection, _: Client, place: Any) -> tuple[list[UUID], Any]:
        first = UUID(int=0) if column == "id" else 0
        last = first if place is START else place
        rows = await (await driver_of(connection)).fetch(query, last)
        return [row["id"] for row in rows], rows[-1][column] if rows else place

    return read


async def referred(resources: Resources, key: str) -> Told:
    """A school that has referred so many students."""
    async with resources.database.transaction() as connection:
        client = await authenticate(connection, key, resources.clock.now())
        deciding = resources.deciding(await resources.newest_edition(connection))
        told = Told(client)
        for number in range(REFERRALS):
            submission = replace(SUBMISSION, source_reference=f"sis-{number}")
            made = await submit(connection, submission, client=client, deciding=deciding)
            told.committed[UUID(made.referral["id"])] = []
    return told


async def change_at_once(database: Database, told: Told, read: Read | None = by_number) -> None:
    """Changes referrals by all writers at once, while two workers number and the reader reads."""
    done = asyncio.Event()
    chance = random.Random(7)  # noqa: S311  which writer is slow is no secret
    async with asyncio.TaskGroup() as beside:
        for _ in range(2):
            beside.create_task(_number(database, chance, done))
        if read:
            beside.create_task(_read(database, told, read, done))
        async with asyncio.TaskGroup() as writers:
            for _ in range(WRITERS):
                writers.create_task(_write(database, told, chance))
        done.set()


async def catch_up(database: Database, told: Told, read: Read = by_number) -> None:
    """Numbers and reads what is left."""
    while await _number_once(database):
        pass
    while await _read_once(database, told, read):
        pass


async def _write(database: Database, told: Told, chance: random.Random) -> None:
    for _ in range(CHANGES):
        referral = chance.choice(list(told.committed))
        at = datetime.now(UTC) + timedelta(seconds=chance.uniform(-2, 2))
        (id,) = new_ids(at, 1)
        async with database.transaction() as connection:
            driver = await driver_of(connection)
            await driver.execute("SELECT FROM referral WHERE id = $1 FOR UPDATE", referral)
            await driver.execute(WRITE, id, told.client.organisation_id, referral, at)
            told.committed[referral].append(id)  # nobody else writes to it before the commit
            await asyncio.sleep(chance.uniform(0, 0.3) if chance.random() < 0.3 else 0)


async def _number(database: Database, chance: random.Random, done: asyncio.Event) -> None:
    while not done.is_set():
        await _number_once(database)
        await asyncio.sleep(chance.uniform(0, 0.2))


async def _number_once(database: Database) -> int:
    async with database.transaction() as connection:
        return await number_events(connection, 50)


async def _read(database: Database, told: Told, read: Read, done: asyncio.Event) -> None:
    while not done.is_set():
        if not await _read_once(database, told, read):
            await asyncio.sleep(0.005)


async def _read_once(database: Database, told: Told, read: Read) -> int:
    async with database.transaction() as connection:
        ids, told.place = await read(connection, told.client, told.place)
    told.seen += ids
    return len(ids)
