"""G1: service and worker are killed under load: nothing is lost, doubled, untold or out of order."""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.load import until
from tests.faults.loop import Loop, closed_loop
from tests.faults.stage import Count, Prepared

HURRIED = "hurried"
MORE = 5  # kills after the last one, until some have hit a delivery


@dataclass
class Kills:
    """What was hit, kill by kill: requests and deliveries under way, and processes that are others since."""

    requests: list[int] = field(default_factory=list)
    deliveries: list[int] = field(default_factory=list)

    def void(self) -> str:
        """Why the run shows nothing; empty where it does."""
        busy = sum(map(bool, self.requests))
        if busy < 0.9 * len(self.requests):
            return f"void: requests in flight in {busy} of {len(self.requests)} kills"
        return "" if any(self.deliveries) else "void: no kill hit a delivery"

    def in_words(self) -> str:
        """The counts."""
        requests, deliveries = (sum(map(bool, hit)) for hit in (self.requests, self.deliveries))
        return (
            f"{len(self.requests)} kills of server and worker, {requests} with requests in flight,"
            f" {deliveries} with deliveries ({sum(self.deliveries)} in all)"
        )


async def kill_and_start(loop: Loop, kills: Kills, chance: random.Random) -> None:
    """One kill while clients wait and the worker sends."""
    assert loop.load is not None
    assert await loop.telling(), "the worker sends nothing: void"
    await asyncio.sleep(chance.uniform(0.05, 0.5))
    before = set(loop.mortal.family())
    load = loop.load
    await loop.sending(2)
    await until(lambda: load.in_flight > 0, 1)
    kills.requests.append(load.in_flight)
    loop.mortal.kill()
    kills.deliveries.append(await loop.under_way())
    await asyncio.to_thread(loop.mortal.start)
    assert before.isdisjoint(loop.mortal.family()), "not killed: void"


async def kill_under_load(
    prepared: Prepared, folder: Path, number: int, quiet_seconds: float, bug: str | None
) -> tuple[Loop, Kills]:
    """So many kills; then clients finish, what is open is sent, and everything is compared."""
    kills = Kills()
    async with closed_loop(prepared, folder, bug=bug) as loop, loop.worked(quiet_seconds) as load:
        chance = random.Random(load.referrals.seed)  # noqa: S311  no secret
        while len(kills.requests) < number or (kills.void() and len(kills.requests) < number + MORE):
            await kill_and_start(loop, kills, chance)
    return loop, kills


@pytest.mark.parametrize(
    ("number", "quiet_seconds", "pace"),
    [
        pytest.param(2, 30, HURRIED, id="2", marks=pytest.mark.timeout(300)),
        pytest.param(50, 30, HURRIED, id="50", marks=[pytest.mark.long, pytest.mark.timeout(1200)]),
        pytest.param(2, 100, None, id="2 as it is", marks=[pytest.mark.long, pytest.mark.timeout(600)]),
    ],
)
async def test_killed_service_and_worker_lose_nothing_and_tell_everything_in_order(
    prepared: Prepared, scratch: Path, count: Count, number: int, quiet_seconds: float, pace: str | None
) -> None:
    loop, kills = await kill_under_load(prepared, scratch, number, quiet_seconds, pace)
    count(kills.in_words())
    count(loop.in_words())
    assert not kills.void(), kills.void()
    assert loop.broken() == {}


@pytest.mark.long
@pytest.mark.parametrize(
    ("bug", "fault"),
    [
        ("answered_before_committed", "lost"),
        ("marked_before_sent", "missing"),
        ("sent_before_claimed", "unrecorded"),
        ("heads_passed", "disordered"),
        ("buried_in_silence", "missing"),
    ],
)
async def test_control_a_loop_with_a_planted_fault_is_found(
    prepared: Prepared, scratch: Path, count: Count, bug: str, fault: str
) -> None:
    loop, kills = await kill_under_load(prepared, scratch, 3, 15, f"{HURRIED},{bug}")
    count(f"{kills.in_words()}: {loop.broken()}")
    assert fault in loop.broken()
