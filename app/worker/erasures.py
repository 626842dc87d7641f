"""Repeats erasures of the ledger that the database lacks, where an older backup was put back meanwhile."""

from datetime import timedelta
from typing import Final

from app.resources import Resources
from app.services.repeating_erasures import READ_AT_ONCE, repeat_erasures
from app.worker.job import Job


async def _run(resources: Resources) -> int:
    async with resources.database.transaction() as connection:
        return await repeat_erasures(connection, resources.ledger)


JOB: Final = Job("repeat_erasures", timedelta(minutes=1), _run, full=READ_AT_ONCE)
