"""Forgets idempotency keys of more than 72 hours ago."""

from datetime import timedelta
from typing import Final

from app.resources import Resources
from app.services.repeats import forget_old_keys
from app.worker.job import Job


async def _run(resources: Resources) -> int:
    async with resources.database.transaction() as connection:
        return await forget_old_keys(connection, resources.clock.now())


JOB: Final = Job("forget_idempotency_keys", timedelta(minutes=5), _run)
