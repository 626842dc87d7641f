"""Disconnects organisations whose last key for a team or desk has expired."""

from datetime import timedelta
from typing import Final

from app.resources import Resources
from app.services.connecting import disconnect_expired
from app.worker.job import Job


async def _run(resources: Resources) -> int:
    async with resources.database.transaction() as connection:
        return await disconnect_expired(connection, resources.clock.now())


JOB: Final = Job("disconnect_expired_keys", timedelta(minutes=1), _run)
