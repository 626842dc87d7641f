"""G5: a receiver that was down gets everything afterwards, in order and once; one that is gone, nothing."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.caseload import SCHOOL
from tests.faults.loop import Loop, closed_loop, subscribe
from tests.faults.receiver import GONE
from tests.faults.stage import Count, Prepared

ATTEMPTS = "SELECT count(*) FROM webhook_attempt"
# What was claimed for the one that is gone before it said so has arrived by then.
ANSWERED_SECONDS = 3
DISABLED = "SELECT disabled_reason FROM webhook_subscription WHERE id = $1"


async def take_down(loop: Loop, seconds: float) -> int:
    """The receiver listens, then does not for so many seconds, while clients go on.

    Returns how much the one that is gone was sent by then.
    """
    with loop.receiver.up():
        assert await loop.telling(), "the worker sends nothing: void"
        await asyncio.sleep(ANSWERED_SECONDS)
    heard, tried = loop.receiver.size(), await loop.owner.fetchval(ATTEMPTS)
    await asyncio.sleep(seconds)
    assert loop.receiver.size() == heard, "not down: void"
    assert await loop.owner.fetchval(ATTEMPTS) > tried, "nothing was refused: void"
    return len(loop.receiver.arrivals(GONE))


async def run_down(prepared: Prepared, folder: Path, seconds: float, quiet: float, bug: str = "") -> Loop:
    """One outage under load; the receiver comes back, and everything is compared."""
    async with closed_loop(prepared, folder, bug=f"hurried,{bug}".rstrip(",")) as loop, loop.reading():
        gone = await subscribe(loop, SCHOOL, GONE)
        async with loop.busy():
            told_gone = await take_down(loop, seconds)
        with loop.receiver.up():
            await loop.drain(quiet)
        assert bug or await loop.owner.fetchval(DISABLED, gone.id) == "gone", "void"
        assert bug or len(loop.receiver.arrivals(GONE)) == told_gone > 0
        await loop.compare()
    return loop


@pytest.mark.parametrize(
    ("seconds", "quiet"),
    [
        pytest.param(4, 30, id="4 s", marks=pytest.mark.timeout(300)),
        pytest.param(60, 90, id="60 s", marks=[pytest.mark.long, pytest.mark.timeout(600)]),
    ],
)
async def test_a_receiver_that_was_down_gets_everything_in_order_and_once(
    prepared: Prepared, scratch: Path, count: Count, seconds: float, quiet: float
) -> None:
    loop = await run_down(prepared, scratch, seconds, quiet)
    count(f"down for {seconds} s; {len(loop.receiver.arrivals(GONE))} at the one that is gone, then none")
    count(loop.in_words())
    assert loop.broken() == {}


@pytest.mark.long
async def test_control_deliveries_buried_in_silence_are_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    loop = await run_down(prepared, scratch, 3, 15, "buried_in_silence")
    count(f"{loop.broken()}")
    assert "missing" in loop.broken()
