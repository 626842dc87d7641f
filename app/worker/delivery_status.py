"""Tells handovers whether their teams were told."""

from datetime import timedelta
from typing import Final

from app.resources import Resources
from app.services.delivery_status import tell_handovers
from app.worker.job import Job


async def _run(resources: Resources) -> int:
    async with resources.database.transaction() as connection:
        return await tell_handovers(connection)


JOB: Final = Job("tell_delivery_status", timedelta(seconds=1), _run)
