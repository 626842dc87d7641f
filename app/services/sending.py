"""Claims what is due, each attempt on record before it is made, and records what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.services.deliveries import keep_planning_out
from app.services.delivery_steps import Step, claimed, lost

# So many at one subscription at a time: a receiver that is slow holds up no other.
AT_ONE_SUBSCRIPTION: Final = 4
# Who has fewest under way comes first, then what has waited longest.
DUE = """
SELECT d.* FROM (
    SELECT due.*, s.key_id, s.wrapped_key, s.url, s.secrets, s.old_secret_until, s.organisation_id,
           busy.count + row_number() OVER (PARTITION BY s.id ORDER BY due.next_attempt_at) AS turn
      FROM webhook_subscription AS s
     CROSS JOIN LATERAL (
           SELECT count(*) FROM webhook_delivery
            WHERE subscription_id = s.id AND claimed_until > $1) AS busy
     CROSS JOIN LATERAL (
           SELECT subscription_id, event_id, attempts, series_from, next_attempt_at, created_at
              FROM webhook_delivery
            WHERE subscription_id = s.id AND next_attempt_at <= $1
            ORDER BY next_attempt_at LIMIT greatest($3 - busy.count, 0)
              FOR UPDATE SKIP LOCKED) AS due
     WHERE s.status = 'active'
) AS d
 ORDER BY d.turn, d.next_attempt_at LIMIT $2
"""
CLAIM = """
UPDATE webhook_delivery SET attempts = $3, next_attempt_at = $4, claimed_until = $4
 WHERE subscription_id = $1 AND event_id = $2
"""
BEGIN = "INSERT INTO webhook_attempt (subscription_id, event_id, attempt, started_at) VALUES ($1, $2, $3, $4)"
TOLD_OF = "SELECT id, number, type, role, at, referral_id, handover_id FROM event WHERE id = ANY ($1)"
END = """
UPDATE webhook_attempt SET ended_at = $4, answer = $5
 WHERE subscription_id = $1 AND event_id = $2 AND attempt = $3
"""
# Only while the claim is still the newest; what has arrived has arrived, whatever was decided meanwhile.
SETTLE = """
UPDATE webhook_delivery
   SET status = $4, next_attempt_at = $5, answer = $6, claimed_until = NULL, told = handover_id IS NULL,
       ended_at = CASE WHEN $4 = 'pending' THEN NULL ELSE $7::timestamptz END
 WHERE subscription_id = $1 AND event_id = $2 AND attempts = $3
   AND (status = 'pending' OR status = 'failed' AND $4 = 'delivered')
RETURNING stream
"""
# The first that is open of a stream; behind one that failed all wait.
MAKE_NEXT_DUE = """
UPDATE webhook_delivery SET next_attempt_at = $3
 WHERE (subscription_id, event_id) IN (
       SELECT subscription_id, event_id FROM webhook_delivery
        WHERE subscription_id = $1 AND stream = $2 AND status IN ('pending', 'failed')
        ORDER BY position LIMIT 1)
   AND status = 'pending' AND next_attempt_at IS NULL
"""
DISABLE = """
UPDATE webhook_subscription SET status = 'disabled', disabled_reason = $2, version = version + 1
 WHERE id = $1 AND status = 'active'
"""
STOP = """
UPDATE webhook_delivery
   SET status = 'failed', next_attempt_at = NULL, told = handover_id IS NULL, ended_at = $2
 WHERE subscription_id = $1 AND status = 'pending'
"""
RESUME = """
UPDATE webhook_delivery
   SET status = 'pending', series_from = attempts, ended_at = NULL, told = handover_id IS NULL
 WHERE subscription_id = $1 AND status = 'failed'
"""
MAKE_FIRST_DUE = """
UPDATE webhook_delivery SET next_attempt_at = $2
 WHERE (subscription_id, event_id) IN (
       SELECT DISTINCT ON (stream) subscription_id, event_id FROM webhook_delivery
        WHERE subscription_id = $1 AND status IN ('pending', 'failed') ORDER BY stream, position)
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt that is on record and now to be made. `event` is None for a test.

    `attempt` counts all there ever were, `step` those of this series. `subscription` is the row with its
    sealed columns.
    """

    subscription_id: UUID
    event_id: UUID
    attempt: int
    step: Step
    subscription: asyncpg.Record
    event: asyncpg.Record | None


async def claim_due(connection: AsyncConnection, now: datetime, at_most: int) -> list[Claim]:
    """Claims what is due, at most so many, nothing that another worker has. Send after the commit alone."""
    driver = await driver_of(connection)
    claims = []
    rows = await driver.fetch(DUE, now, at_most, AT_ONE_SUBSCRIPTION)
    events = {row["id"]: row for row in await driver.fetch(TOLD_OF, [row["event_id"] for row in rows])}
    for row in rows:
        key = (row["subscription_id"], row["event_id"])
        before = Step("pending", row["attempts"] - row["series_from"], row["next_attempt_at"])
        ended = lost(before, now)
        if ended:
            await driver.fetchval(SETTLE, *key, row["attempts"], *_columns(ended), now)
            continue
        step, attempt = claimed(before, now), row["attempts"] + 1
        await driver.execute(CLAIM, *key, attempt, step.next_attempt_at)
        await driver.execute(BEGIN, *key, attempt, now)
        claims.append(Claim(*key, attempt, step, row, events.get(row["event_id"])))
    return claims


async def record(connection: AsyncConnection, claim: Claim, after: Step, now: datetime) -> None:
    """Records what came of an attempt; makes the next in the stream due, or disables what is gone."""
    await keep_planning_out(connection)
    driver = await driver_of(connection)
    key = (claim.subscription_id, claim.event_id)
    await driver.execute(END, *key, claim.attempt, now, after.told)
    stream = await driver.fetchval(SETTLE, *key, claim.attempt, *_columns(after), now)
    if stream and after.status == "delivered":
        await make_next_due(connection, claim.subscription_id, stream, now)
    if after.told == "gone":
        await disable(connection, claim.subscription_id, "gone", now)


async def make_next_due(
    connection: AsyncConnection, subscription_id: UUID, stream: UUID, now: datetime
) -> None:
    """Lets the next of a stream go, after the one before it ended; none may be planned meanwhile."""
    await (await driver_of(connection)).execute(MAKE_NEXT_DUE, subscription_id, stream, now)


async def disable(connection: AsyncConnection, subscription_id: UUID, reason: str, now: datetime) -> None:
    """Tells a subscription nothing more: what waits has visibly failed, until it is made active again."""
    driver = await driver_of(connection)
    await driver.execute(DISABLE, subscription_id, reason)
    await driver.execute(STOP, subscription_id, now)


async def resume(connection: AsyncConnection, subscription_id: UUID, now: datetime) -> None:
    """Gives all that failed a new series of attempts, each stream in its order."""
    driver = await driver_of(connection)
    await driver.execute(RESUME, subscription_id)
    await driver.execute(MAKE_FIRST_DUE, subscription_id, now)


def _columns(step: Step) -> tuple[object, ...]:
    return step.status, step.next_attempt_at, step.told
