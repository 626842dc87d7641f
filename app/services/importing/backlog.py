"""How many imports are unfinished, and how long they wait: figures without anybody's data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of

_UNFINISHED: Final = """
SELECT count(*) FILTER (WHERE status = 'pending'), count(*) FILTER (WHERE status = 'processing'),
       min(received_at) FILTER (WHERE status = 'pending')
  FROM import WHERE finished_at IS NULL AND received_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class ImportBacklog:
    """Imports that have arrived and not ended; `oldest_at` is when the one that waits longest arrived."""

    pending: int
    processing: int
    oldest_at: datetime | None

    def seconds(self, now: datetime) -> float:
        """How long that one has waited; 0 where none does."""
        return max(0.0, (now - self.oldest_at).total_seconds()) if self.oldest_at else 0.0


async def import_backlog(connection: AsyncConnection) -> ImportBacklog:
    """How imports stand now."""
    return ImportBacklog(*await (await driver_of(connection)).fetchrow(_UNFINISHED))
