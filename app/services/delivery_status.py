"""Tells each handover whether its team was told: `delivery_status`, after the newest of its deliveries."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of

AT_ONCE: Final = 500
# In statements of their own: the second must see what was committed until the first had its rows.
UNTOLD = """
SELECT subscription_id, event_id, handover_id FROM webhook_delivery
 WHERE NOT told ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED
"""
# A handover that somebody is changing is told the next time: nobody waits for it, and it waits for nobody.
# Only rows that the first statement holds become told: another may have changed since it was read.
TELL = """
WITH held AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS h (subscription_id, event_id, handover_id)
), free AS (
    SELECT id FROM handover WHERE id IN (SELECT handover_id FROM held) ORDER BY id
       FOR NO KEY UPDATE SKIP LOCKED
), newest AS (
    SELECT DISTINCT ON (handover_id) handover_id, replace(status, 'skipped', 'failed') AS status
      FROM webhook_delivery
     WHERE handover_id IN (SELECT id FROM free) ORDER BY handover_id, position DESC
), changed AS (
    UPDATE handover AS h SET delivery_status = n.status
      FROM newest AS n WHERE h.id = n.handover_id AND h.delivery_status <> n.status
)
UPDATE webhook_delivery AS d SET told = true
  FROM held WHERE d.subscription_id = held.subscription_id AND d.event_id = held.event_id
   AND (held.handover_id IN (SELECT id FROM free)
        OR NOT EXISTS (SELECT FROM handover WHERE id = held.handover_id))
"""


async def tell_handovers(connection: AsyncConnection, at_once: int = AT_ONCE) -> int:
    """Sets the delivery status where it changed. Returns for how many deliveries."""
    driver = await driver_of(connection)
    rows = await driver.fetch(UNTOLD, at_once)
    columns = ([row[at] for row in rows] for at in range(3))
    done = await driver.execute(TELL, *columns) if rows else "UPDATE 0"
    return int(done.rpartition(" ")[2])
