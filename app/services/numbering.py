"""Numbers events after they were committed, without a gap, and keeps who may see each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.services.deliveries import plan_deliveries

ONE_WORKER: Final = 7_265_883  # any number, the same in every release: the key of the advisory lock
NUMBERED_AT_ONCE: Final = 1_000
LOCK = "SELECT pg_try_advisory_xact_lock($1)"
# How many stands in the text: a plan for any number of them would read the whole table.
# `written` is the order within a referral; between referrals any order will do, for the number makes it one.
# What waits for a consent is nobody's yet but the referrer's. Releases before tell no team in the event.
NUMBER = """
WITH next AS (
    SELECT id, (SELECT coalesce(max(number), 0) FROM event) + row_number() OVER (ORDER BY written) AS number
      FROM (SELECT id, written FROM event WHERE number IS NULL ORDER BY written LIMIT {at_once}) AS unnumbered
), numbered AS (
    UPDATE event AS e SET number = next.number FROM next WHERE e.id = next.id RETURNING e.*
), seen AS (
    INSERT INTO event_audience (number, side, organisation_id, team_id)
    SELECT e.number, s.side, s.organisation_id, s.team_id
      FROM numbered AS e
      LEFT JOIN handover AS h ON h.id = e.handover_id
     CROSS JOIN LATERAL (SELECT e.type = 'handover.needs_consent'
                             OR h.status IS NOT DISTINCT FROM 'needs_consent') AS waits (for_consent)
     CROSS JOIN LATERAL (VALUES
           ('referrer', e.organisation_id, NULL, e.referral_id IS NOT NULL OR e.type = 'import.finished'),
           ('receiver', e.receiver_organisation_id, coalesce(e.team_id, h.team_id), NOT waits.for_consent),
           ('desk', e.desk_organisation_id, NULL, NOT waits.for_consent)
           ) AS s (side, organisation_id, team_id, may_see)
     WHERE s.may_see AND s.organisation_id IS NOT NULL
     UNION ALL
    SELECT number, 'everybody', NULL, NULL FROM numbered WHERE type = 'directory.changed'
)
SELECT min(number), max(number) FROM numbered
"""


BEHIND = """
SELECT count(*), min(at) FILTER (WHERE place = 1)
  FROM (SELECT at, row_number() OVER (ORDER BY written) AS place
          FROM event WHERE number IS NULL ORDER BY written LIMIT 10000) AS unnumbered
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many events wait for their number, counted up to ten thousand, and since when the first does."""

    events: int
    oldest_at: datetime | None

    def seconds(self, now: datetime) -> float:
        """How long the first one has waited; 0 where none does."""
        return max(0.0, (now - self.oldest_at).total_seconds()) if self.oldest_at else 0.0


async def backlog(connection: AsyncConnection) -> Backlog:
    """How far numbering is behind what was committed."""
    return Backlog(*await (await driver_of(connection)).fetchrow(BEHIND))


async def number_events(connection: AsyncConnection, at_once: int = NUMBERED_AT_ONCE) -> int:
    """Numbers the next committed events, at most so many at once, with their deliveries. Returns how many.

    Where another worker is at it, none: numbers become visible in their order, or a reader that has seen
    the later one would miss the earlier.
    """
    driver = await driver_of(connection)
    # A statement of its own: the next one must see what the worker before has committed.
    if not await driver.fetchval(LOCK, ONE_WORKER):
        return 0
    first, last = await driver.fetchrow(NUMBER.format(at_once=at_once))
    if first is None:
        return 0
    await plan_deliveries(connection, first, last)
    return int(last - first + 1)
