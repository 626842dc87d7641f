"""Numbers committed events, so that they can be read in one order."""

from datetime import timedelta
from typing import Final

from app.resources import Resources
from app.services.numbering import NUMBERED_AT_ONCE, number_events
from app.worker.job import Job


async def _run(resources: Resources) -> int:
    async with resources.database.transaction() as connection:
        return await number_events(connection)


# Under load there is always something to number: many twice a second cost less than few without pause.
JOB: Final = Job("number_events", timedelta(seconds=0.5), _run, full=NUMBERED_AT_ONCE)
