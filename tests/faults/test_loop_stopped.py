"""G10: SIGTERM under load ends server and worker in time, and nothing is lost, doubled or sent twice."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.loop import Loop, closed_loop
from tests.faults.stage import Count, Prepared

STOPS = 20


async def stop_under_load(
    prepared: Prepared, folder: Path, stops: int, bug: str | None = None
) -> tuple[Loop, list[float], int]:
    """So many stops while clients wait and the worker sends: the seconds each took, and claims it left."""
    seconds, left = list[float](), 0
    async with closed_loop(prepared, folder, bug=bug) as loop, loop.worked(30):
        for _ in range(stops):
            assert await loop.telling(), "the worker sends nothing: void"
            seconds.append(await asyncio.to_thread(loop.mortal.stop))
            left += await loop.under_way()
            await asyncio.to_thread(loop.mortal.start)
    return loop, seconds, left


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_stopped_service_ends_in_time_and_leaves_nothing_half_done(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    loop, seconds, left = await stop_under_load(prepared, scratch, STOPS)
    grace = prepared.settings.drain_seconds + prepared.settings.shutdown_seconds
    count(f"{STOPS} stops, each within {max(seconds):.1f} s; {left} deliveries left claimed")
    count(loop.in_words())
    assert max(seconds) <= grace + 1
    assert left == 0
    assert loop.broken() == {}
    assert loop.found is not None
    assert loop.found.redelivered == 0


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_control_a_worker_that_leaves_in_the_middle_is_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    _, _, left = await stop_under_load(prepared, scratch, 3, "hurried,left_in_the_middle")
    count(f"{left} deliveries left claimed")
    assert left > 0
