"""The worker alone dies, a receiver hangs, the database restarts: nothing is lost, nobody waits."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from app.adapters.embedded_postgres import start
from tests.faults.caseload import SCHOOL, TEAM, student
from tests.faults.load import until
from tests.faults.loop import Loop, closed_loop, subscribe
from tests.faults.postgres import family, send, state_of
from tests.faults.receiver import HANGING, ONCE
from tests.faults.stage import Count, Prepared
from tests.faults.wire import Wire

pytestmark = pytest.mark.timeout(300)

ATTEMPTS = """
SELECT a.answer FROM webhook_attempt AS a WHERE a.subscription_id = $1 AND a.event_id = $2 ORDER BY a.attempt
"""


async def refer(loop: Loop, number: int) -> None:
    """One referral, answered."""
    async with Wire(loop.mortal.port, loop.keys[SCHOOL]) as school:
        assert (await school.post("/v1/referrals", student(f"one-{number}", number))).status == 201


async def test_what_a_killed_worker_had_claimed_is_sent_again_after_its_lease(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    async with closed_loop(prepared, scratch, bug="hurried") as loop:
        with loop.receiver.up():
            once = await subscribe(loop, TEAM, ONCE)
            await refer(loop, 1)
            assert await until(lambda: bool(loop.receiver.arrivals(ONCE)), 30), "void"
            (worker,) = loop.mortal.family()[1:]
            os.kill(worker, signal.SIGKILL)
            first = loop.receiver.arrivals(ONCE)[0].id
            assert await until(lambda: [a.id for a in loop.receiver.arrivals(ONCE)].count(first) == 2, 30)
            await loop.drain(30)
        assert [worker] != loop.mortal.family()[1:], "not killed: void"
        answers = [row["answer"] for row in await loop.owner.fetch(ATTEMPTS, once.id, first)]
    count(f"answers on record: {answers}")
    assert answers == [None, "accepted"]


@pytest.mark.long
async def test_a_receiver_that_hangs_keeps_no_other_waiting(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    async with closed_loop(prepared, scratch, bug="hurried") as loop:
        hanging = await subscribe(loop, SCHOOL, HANGING)
        async with loop.worked(60):
            assert await until(lambda: bool(loop.receiver.arrivals(HANGING)), 30), "void"
            await asyncio.sleep(2)
        answered = "SELECT count(*) FROM webhook_delivery WHERE subscription_id = $1 AND status = 'delivered'"
        delivered = await loop.owner.fetchval(answered, hanging.id)
    count(f"{len(loop.receiver.arrivals(HANGING))} attempts hung, {delivered} delivered there")
    count(loop.in_words())
    assert delivered == 0
    assert loop.broken() == {}


@pytest.mark.long
async def test_a_database_restarted_while_deliveries_are_sent_loses_none(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    async with closed_loop(prepared, scratch, bug="hurried") as loop, loop.worked(60):
        assert await loop.telling(), "void"
        victims = family(loop.server)
        send(signal.SIGKILL, victims)
        assert await until(lambda: all(state_of(victim) in {"", "Z"} for victim in victims), 5), "void"
        await asyncio.to_thread(start, loop.server)
        await loop.look_again()
        assert await loop.telling(), "the worker never went on"
    count(loop.in_words())
    assert loop.broken() == {}
