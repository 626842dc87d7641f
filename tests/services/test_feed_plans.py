"""What a page of the feed, a history and the numbering read: about what they show, of however many events."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from app.config import Settings
from app.services.clients import Client
from app.services.feed import START, Place, read_feed, read_history
from app.services.numbering import NUMBER
from bench.lists import CLIENTS, client_of
from bench.plans import Reading, noted, reading_of
from bench.seed import seed
from tests.services.guarded import guarded
from tests.services.planned import filled, rolled_back

EVENTS, HANDOVERS, PAGE = 60_000, 1_000, 10
# Pages of 8 kB: three for each event shown, and some for each side.
MAY_READ = 150
WHOSE = {
    **CLIENTS,
    "referrer, team and desk": client_of("municipality", "referrer", "team", "desk"),
    "operator": client_of("operator", "operator"),
}
# Half of the handovers are received by one municipality, and one team of it has one in a thousand of these.
SEED = """
INSERT INTO event (id, organisation_id, receiver_organisation_id, desk_organisation_id, team_id, referral_id,
       handover_id, type, role, at, number)
SELECT gen_random_uuid(), md5('school' || n % 300)::uuid, md5('municipality' || n % 2)::uuid,
       md5('municipality' || n % 3)::uuid,
       CASE WHEN n % 1000 = 0 THEN 'team-0-19' WHEN n % 2 = 0 THEN 'team-0-0' END, md5((n / 5)::text)::uuid,
       md5((n / 5)::text)::uuid, CASE WHEN n % 5000 = 7 THEN 'directory.changed' ELSE 'handover.offered' END,
       'system', '2026-01-01', CASE WHEN n <= {events} - 100 THEN n END
  FROM generate_series(1, {events}) AS n;
INSERT INTO event_audience (number, side, organisation_id, team_id)
SELECT e.number, s.side, s.organisation_id, s.team_id
  FROM event AS e CROSS JOIN LATERAL (VALUES ('referrer', organisation_id, NULL),
       ('receiver', receiver_organisation_id, team_id), ('desk', desk_organisation_id, NULL),
       ('everybody', NULL, NULL)) AS s (side, organisation_id, team_id)
 WHERE number IS NOT NULL AND (s.side = 'everybody') = (type = 'directory.changed');
UPDATE event SET handover_id = (SELECT id FROM handover WHERE organisation_id = md5('school0')::uuid LIMIT 1)
 WHERE number BETWEEN 500 AND 510;
ANALYZE event, event_audience;
"""


@pytest.fixture(scope="module")
def seeded(run_settings: Settings) -> Iterator[Settings]:
    """Years of events, with statistics."""

    async def fill(owner: asyncpg.Connection) -> None:
        await seed(owner, HANDOVERS)
        await owner.execute(SEED.replace("{events}", str(EVENTS)))

    with filled(run_settings, fill) as settings:
        yield settings


@pytest.fixture
async def connection(seeded: Settings) -> AsyncIterator[AsyncConnection]:
    async with rolled_back(seeded) as opened:
        # As after a few times, when PostgreSQL no longer plans for the values of each call.
        await opened.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
        yield opened


async def place_at(connection: AsyncConnection, number: int) -> Place:
    found = await connection.exec_driver_sql("SELECT id FROM event WHERE number = $1", (number,))
    return Place(number, UUID(str(found.scalar_one())))


async def readings(connection: AsyncConnection, client: Client, after: Place) -> list[Reading]:
    async with guarded(connection, client):
        with noted(connection) as statements:
            items, _, _ = await read_feed(connection, client, after=after, limit=PAGE)
        assert len(items) == PAGE
        return [await generic_reading(connection, *statement) for statement in statements]


async def generic_reading(connection: AsyncConnection, statement: str, values: Any) -> Reading:
    """How a statement is run by the plan that is made for any values."""
    await connection.exec_driver_sql(f"PREPARE asked AS {statement}")
    given = f"EXECUTE asked ({', '.join(map(_literal, values))})" if values else "EXECUTE asked"
    read = await reading_of(connection, given, ())
    await connection.exec_driver_sql("DEALLOCATE asked")
    return read


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"ARRAY[{', '.join(map(_literal, value))}]"
    return str(value) if isinstance(value, int) else f"'{value}'"


@pytest.mark.parametrize("whose", WHOSE)
async def test_a_page_of_the_feed_reads_little_more_than_it_shows(
    connection: AsyncConnection, whose: str
) -> None:
    for after in (START, await place_at(connection, EVENTS // 10)):
        for read in await readings(connection, WHOSE[whose], after):
            assert read.whole.isdisjoint({"event", "event_audience"})
            assert read.buffers <= MAY_READ


@pytest.mark.parametrize(
    ("index", "whose"),
    [("audience_side", "school"), ("audience_team", "key of two teams"), ("number", "operator")],
)
async def test_a_missing_index_of_the_feed_shows(connection: AsyncConnection, index: str, whose: str) -> None:
    await connection.exec_driver_sql(f"DROP INDEX ix_event_{index}")
    assert max(read.buffers for read in await readings(connection, WHOSE[whose], START)) > MAY_READ


async def test_a_history_reads_the_events_of_its_handover(connection: AsyncConnection) -> None:
    found = await connection.exec_driver_sql("SELECT handover_id, id FROM event WHERE number = 500")
    row = found.mappings().one()
    async with guarded(connection, WHOSE["school"]):
        with noted(connection) as statements:
            items, _ = await read_history(connection, WHOSE["school"], row["handover_id"], after=row["id"])
        assert len(items) == 10
        for statement in statements:
            assert (await generic_reading(connection, *statement)).buffers <= MAY_READ


async def test_numbering_reads_what_has_no_number_alone(connection: AsyncConnection) -> None:
    async with guarded(connection, None):
        read = await generic_reading(connection, NUMBER.format(at_once=50), ())
    assert "event" not in read.whole
    assert read.rows <= 20 * 50
