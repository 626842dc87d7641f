"""Does the jobs until it is told to stop: whatever goes wrong in one, the loop and the others go on."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

from app.adapters.raised import place_of
from app.errors import Unavailable
from app.resources import Resources
from app.services.job_states import keep_states_of, note_failure, note_success
from app.worker.job import Job

FIRST_RETRY: Final = timedelta(seconds=1)
LAST_RETRY: Final = timedelta(minutes=1)
# A job that is done twice a second would otherwise have the disk wait for two notes a second.
NOTE_EVERY: Final = 5.0  # seconds
_AT_ONCE: Final = timedelta()

_log = structlog.get_logger()


async def work(resources: Resources, jobs: Sequence[Job], stop: asyncio.Event) -> None:
    """Does each job over and over, beside the others, until `stop` is set; what is being done is finished."""
    with suppress(Unavailable):  # what is left of other releases can wait for a database that answers
        async with resources.database.transaction() as connection:
            await keep_states_of(connection, [job.name for job in jobs])
    async with asyncio.TaskGroup() as tasks:
        for job in jobs:
            tasks.create_task(_repeat(resources, job, stop))


def retry_after(failures: int, every: timedelta) -> timedelta:
    """How long to wait after so many failures in a row: twice as long each time, within the interval."""
    return min(FIRST_RETRY * (1 << min(failures - 1, 10)), LAST_RETRY, every)


async def _repeat(resources: Resources, job: Job, stop: asyncio.Event) -> None:
    failures, noted = 0, float("-inf")
    while not stop.is_set():
        try:
            note = failures > 0 or time.monotonic() - noted >= NOTE_EVERY
            wait = await _do(resources, job, note=note)
            failures, noted = 0, time.monotonic() if note else noted
        except Exception as error:  # noqa: BLE001  one job must not end the others
            failures += 1
            wait = retry_after(failures, job.every)
            await _tell(resources, job, error, failures, wait)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait.total_seconds()):
                await stop.wait()
    if job.finish:
        await _finish(job, job.finish)


async def _finish(job: Job, finish: Callable[[], Awaitable[None]]) -> None:
    """Lets what is under way end; what goes wrong with it is logged like any failure."""
    try:
        await finish()
    except Exception as error:  # noqa: BLE001  the other jobs are to end in order too
        _log.error("job_failed", job=job.name, kind=type(error).__name__, place=place_of(error), failures=1)


async def _do(resources: Resources, job: Job, *, note: bool) -> timedelta:
    """Does the job once, and notes it where asked to. Returns how long to wait for the next time."""
    started = time.perf_counter()
    done = await job.run(resources)
    wait = _AT_ONCE if done >= job.full else job.every
    if note:
        async with resources.database.transaction() as connection:
            now = resources.clock.now()
            await note_success(connection, job.name, now=now, due_at=now + wait)
    if done:
        _log.info(
            "job", job=job.name, done=done, duration_ms=round((time.perf_counter() - started) * 1000, 1)
        )
    return wait


async def _tell(resources: Resources, job: Job, error: Exception, failures: int, wait: timedelta) -> None:
    """Logs a failure without its text, which may hold values, and notes it where the database answers."""
    kind = type(error).__name__
    _log.error("job_failed", job=job.name, kind=kind, place=place_of(error), failures=failures)
    now = resources.clock.now()
    with suppress(Unavailable):
        async with resources.database.transaction() as connection:
            await note_failure(connection, job.name, kind=kind, now=now, due_at=now + wait)
