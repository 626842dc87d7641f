"""G10: SIGTERM under load ends server and worker in time, and nothing is lost, doubled or sent twice."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.loop import closed_loop
from tests.faults.stage import Count, Prepared

STOPS = 20


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_stopped_service_ends_in_time_and_leaves_nothing_half_done(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    seconds, left = list[float](), 0
    async with closed_loop(prepared, scratch) as loop, loop.worked(60):
        for _ in range(STOPS):
            assert await loop.telling(), "the worker sends nothing: void"
            seconds.append(await asyncio.to_thread(loop.mortal.stop))
            left += await loop.under_way()
            await asyncio.to_thread(loop.mortal.start)
    grace = prepared.settings.drain_seconds + prepared.settings.shutdown_seconds
    count(f"{STOPS} stops, each within {max(seconds):.1f} s; {left} deliveries left claimed")
    count(loop.in_words())
    assert max(seconds) <= grace + 1
    assert left == 0
    assert loop.broken() == {}
    assert loop.found is not None
    assert loop.found.redelivered == 0
