"""The loop goes on whatever happens to a job or the database, and stops when it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.adapters.log import log_as_json
from app.config import Settings
from app.db import Database
from app.db.database import build_engine
from app.resources import Resources, open_resources
from app.services.job_states import JobState, job_states, note_success
from app.worker import JOBS, Job, work
from app.worker.loop import retry_after

SOON = timedelta(milliseconds=20)
BUSY = timedelta(milliseconds=500)
CANARY = "kanarie9137"


@pytest.fixture
async def resources(settings: Settings) -> AsyncIterator[Resources]:
    log_as_json()
    async with open_resources(settings) as opened:
        yield opened


async def states(resources: Resources) -> dict[str, JobState]:
    async with resources.database.transaction() as connection:
        return {state.name: state for state in await job_states(connection)}


async def work_until(reached: Callable[[], Awaitable[bool]], resources: Resources, *jobs: Job) -> None:
    """Works until something is so, at most ten seconds; then stops in order."""
    stop = asyncio.Event()
    async with asyncio.timeout(10):
        working = asyncio.create_task(work(resources, jobs, stop))
        while not await reached():  # noqa: ASYNC110  it asks the database
            await asyncio.sleep(0.02)
        stop.set()
        await working


def counting(name: str, outcomes: list[int | Exception]) -> tuple[Job, list[datetime]]:
    """A job that does or fails as listed, and then has nothing to do; and the moments at which it ran."""
    ran: list[datetime] = []

    async def run(_: Resources) -> int:
        ran.append(datetime.now(UTC))
        outcome = outcomes[len(ran) - 1] if len(ran) <= len(outcomes) else 0
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return Job(name, SOON, run), ran


async def test_a_job_is_done_again_at_once_while_there_is_more_and_then_at_its_interval(
    resources: Resources,
) -> None:
    job, ran = counting("sweep", [5, 5])

    async def four() -> bool:
        return len(ran) >= 4

    await work_until(four, resources, job)
    assert ran[3] - ran[2] >= SOON
    assert (await states(resources))["sweep"].healthy(datetime.now(UTC))


async def test_a_job_that_did_less_than_a_full_part_waits_for_its_interval(resources: Resources) -> None:
    job, ran = counting("sweep", [10, 9])

    async def three() -> bool:
        return len(ran) >= 3

    await work_until(three, resources, replace(job, every=BUSY, full=10))
    assert ran[1] - ran[0] < BUSY <= ran[2] - ran[1]


async def test_a_failing_job_is_noted_logged_without_values_and_holds_up_no_other(
    resources: Resources, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, _ = counting("bad", [KeyError(CANARY)] * 100)
    good, ran = counting("good", [])

    async def three() -> bool:
        return len(ran) >= 3 and "bad" in await states(resources)

    await work_until(three, resources, bad, good)
    state = (await states(resources))["bad"]
    assert (state.failures >= 1, state.failure, state.healthy(datetime.now(UTC))) == (True, "KeyError", False)
    printed = capsys.readouterr().out
    line: dict[str, Any] = json.loads(printed.splitlines()[0])
    assert (line["event"], line["job"], line["kind"]) == ("job_failed", "bad", "KeyError")
    assert line["place"].startswith("test_loop.py:")
    assert CANARY not in printed


async def test_a_job_that_goes_well_again_is_healthy_again(resources: Resources) -> None:
    job, ran = counting("sweep", [KeyError(), KeyError()])

    async def recovered() -> bool:
        return len(ran) >= 3 and (await states(resources))["sweep"].failures == 0

    await work_until(recovered, resources, job)


async def test_the_loop_outlives_a_database_that_goes_away(
    resources: Resources, capsys: pytest.CaptureFixture[str]
) -> None:
    here, away = resources.database, build_engine("postgresql://nobody@127.0.0.1:1/none", resources.settings)
    job, ran = counting("sweep", [])
    resources.database = Database(away)

    async def back() -> bool:
        if len(ran) == 3:
            resources.database = here
        return len(ran) > 4

    await work_until(back, resources, job)
    assert (await states(resources))["sweep"].failures == 0
    assert '"kind": "Unavailable"' in capsys.readouterr().out


async def test_what_is_done_all_the_time_is_noted_now_and_then(resources: Resources) -> None:
    job, ran = counting("sweep", [])

    async def ten() -> bool:
        return len(ran) >= 10

    await work_until(ten, resources, job)
    noted = (await states(resources))["sweep"].succeeded_at
    assert noted is not None
    assert noted < ran[1]


async def test_stopping_waits_for_what_is_being_done(resources: Resources) -> None:
    begun, finished = asyncio.Event(), []

    async def slow(_: Resources) -> int:
        begun.set()
        await asyncio.sleep(0.2)
        finished.append(1)
        return 0

    async def has_begun() -> bool:
        return begun.is_set()

    await work_until(has_begun, resources, Job("slow", SOON, slow))
    assert finished == [1]


async def test_jobs_of_another_release_are_forgotten_at_the_start(resources: Resources) -> None:
    now = datetime.now(UTC)
    async with resources.database.transaction() as connection:
        await note_success(connection, "of-yesterday", now=now, due_at=now)
    job, ran = counting("sweep", [])

    async def once() -> bool:
        return len(ran) > 1

    await work_until(once, resources, job)
    assert (await states(resources)).keys() == {"sweep"}


def test_retries_wait_longer_each_time_but_never_beyond_a_minute_or_the_interval() -> None:
    waits = [retry_after(n, timedelta(hours=1)).total_seconds() for n in (1, 2, 3, 7, 8, 5_000)]
    assert waits == [1, 2, 4, 60, 60, 60]
    assert retry_after(50, SOON) == SOON


def test_jobs_have_names_of_their_own() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
