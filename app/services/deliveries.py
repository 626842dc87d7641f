"""Which subscriptions are told of an event: one delivery each, made in the transaction that numbers it."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of

PLANNING: Final = 7_265_884  # any number, the same in every release: the key of the advisory lock
# Planning asks whether something before in the stream is open, whoever ends something makes the next due:
# at the same time each would leave it to the other. Several may end deliveries at once, planning is alone.
PLAN_ALONE = "SELECT pg_advisory_xact_lock($1)"
BESIDE_NO_PLANNING = "SELECT pg_advisory_xact_lock_shared($1)"
# The sides of the feed: a subscription sees what the key that made it may read there. Its `handover_id` is
# kept for the receiver alone, whose deliveries are the handover's delivery status.
PLAN = """
WITH wanted AS (
    SELECT s.id AS subscription_id, a.number, bool_or(a.side = 'receiver') AS receives
      FROM event_audience AS a
      JOIN webhook_subscription AS s
        ON s.status = 'active' AND (a.side = 'everybody' OR s.organisation_id = a.organisation_id)
     WHERE a.number BETWEEN $1 AND $2
       AND CASE a.side
           WHEN 'referrer' THEN 'referrer' = ANY (s.roles)
           WHEN 'receiver' THEN s.roles && ARRAY['team', 'desk']
                                AND (s.team_ids IS NULL OR a.team_id = ANY (s.team_ids))
           WHEN 'desk' THEN 'desk' = ANY (s.roles)
           ELSE true END
     GROUP BY s.id, a.number
), matched AS (
    SELECT w.subscription_id, e.id, e.number, e.at, coalesce(e.referral_id, w.subscription_id) AS stream,
           CASE WHEN w.receives THEN e.handover_id END AS handover_id
      FROM wanted AS w JOIN event AS e ON e.number = w.number
      JOIN webhook_subscription AS s ON s.id = w.subscription_id
     WHERE s.event_types = '{}' OR e.type = ANY (s.event_types)
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY subscription_id, stream ORDER BY number) AS place FROM matched
)
INSERT INTO webhook_delivery (subscription_id, event_id, stream, handover_id, told, status, attempts,
       next_attempt_at, created_at)
SELECT p.subscription_id, p.id, p.stream, p.handover_id, p.handover_id IS NULL, 'pending', 0,
       CASE WHEN p.place = 1 AND NOT EXISTS (
            SELECT FROM webhook_delivery AS d
             WHERE d.subscription_id = p.subscription_id AND d.stream = p.stream
               AND d.status IN ('pending', 'failed')) THEN p.at END,
       p.at
  FROM placed AS p ORDER BY p.number
"""


async def plan_deliveries(connection: AsyncConnection, first: int, last: int) -> int:
    """Makes a delivery of each event from `first` to `last` for each subscription. Returns how many.

    Called in the transaction that gives the numbers: an event that has one has its deliveries.
    """
    driver = await driver_of(connection)
    # A statement of its own: the next one must see what was committed while it waited.
    await driver.execute(PLAN_ALONE, PLANNING)
    done = await driver.execute(PLAN, first, last)
    return int(done.rpartition(" ")[2])


async def keep_planning_out(connection: AsyncConnection) -> None:
    """Waits for planning to end and lets none begin until this transaction ends: before ending a delivery."""
    await (await driver_of(connection)).execute(BESIDE_NO_PLANNING, PLANNING)


async def plan_nothing_meanwhile(connection: AsyncConnection) -> None:
    """The same, and alone: before subscriptions are made."""
    await (await driver_of(connection)).execute(PLAN_ALONE, PLANNING)
