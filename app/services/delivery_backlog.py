"""How deliveries stand in all: what waits, what is stuck, and since when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of

OPEN = """
SELECT count(*) FILTER (WHERE d.status = 'pending'),
       count(*) FILTER (WHERE d.status = 'failed' AND s.status = 'active'),
       count(*) FILTER (WHERE d.status = 'failed'),
       min(d.created_at) FILTER (WHERE d.status = 'pending')
  FROM (SELECT subscription_id, status, created_at FROM webhook_delivery
         WHERE status IN ('pending', 'failed') LIMIT 10000) AS d
  JOIN webhook_subscription AS s ON s.id = d.subscription_id
"""


@dataclass(frozen=True, slots=True)
class DeliveryBacklog:
    """Deliveries that are open, counted up to ten thousand in all; `stuck` are those that hold others up."""

    pending: int
    stuck: int
    failed: int
    oldest_at: datetime | None

    def seconds(self, now: datetime) -> float:
        """How long the oldest one that is pending has waited; 0 where none does."""
        return max(0.0, (now - self.oldest_at).total_seconds()) if self.oldest_at else 0.0


async def delivery_backlog(connection: AsyncConnection) -> DeliveryBacklog:
    """How deliveries stand now."""
    return DeliveryBacklog(*await (await driver_of(connection)).fetchrow(OPEN))
