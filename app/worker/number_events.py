"""Numbers committed events, so that they can be read in one order."""

from datetime import timedelta
from typing import Final

from app.resources import Resources
from app.services.numbering import number_events
from app.worker.job import Job


async def _run(resources: Resources) -> int:
    async with resources.database.transaction() as connection:
        return await number_events(connection)


JOB: Final = Job("number_events", timedelta(seconds=0.5), _run)
