"""Forgets deliveries of before, with their attempts; what waited behind one that never arrived goes on."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.services.deliveries import keep_planning_out
from app.services.sending import make_next_due

# A CTE, which is read once: see FORGET in repeats.
_FORGET_DELIVERIES: Final = """
WITH old AS MATERIALIZED (
    SELECT subscription_id, event_id FROM webhook_delivery
     WHERE told AND created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
DELETE FROM webhook_delivery AS d USING old
 WHERE d.subscription_id = old.subscription_id AND d.event_id = old.event_id
RETURNING d.subscription_id, d.stream, d.status
"""


async def forget_deliveries(
    connection: AsyncConnection, before: datetime, now: datetime, at_once: int
) -> int:
    """Forgets at most so many of those made before a moment; the caller commits. Returns how many."""
    await keep_planning_out(connection)
    driver = await driver_of(connection)
    rows = await driver.fetch(_FORGET_DELIVERIES, before, at_once)
    for subscription, stream in {
        (row["subscription_id"], row["stream"]) for row in rows if row["status"] in ("pending", "failed")
    }:
        await make_next_due(connection, subscription, stream, now)
    return len(rows)
