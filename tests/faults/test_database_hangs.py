"""G6 and G6b: PostgreSQL hangs, or a table is locked; every request is answered in time, with 503."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.faults.drill import drill
from tests.faults.load import until
from tests.faults.postgres import hanging, owner_of, state_of
from tests.faults.pulse import without_core
from tests.faults.stage import Count, Prepared

FIRST_AFTER_SECONDS = 1.0
# The defaults wait 2 s for a free connection, 3 s to make one and 5 s for a statement.
SHORT = {
    "database_pool_seconds": 0.5,
    "database_connect_seconds": 0.5,
    "database_command_seconds": 1.0,
    "database_lock_seconds": 0.5,
}
WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE usename = 'verwijsroute_service' AND wait_event_type = 'Lock'
"""


@pytest.mark.parametrize(
    ("seconds", "within", "settings"),
    [(1.5, 4, SHORT), pytest.param(20, 8, {}, marks=pytest.mark.long)],
    ids=["short", "20 s"],
)
async def test_a_hanging_database_is_503_in_time_and_works_when_it_wakes(
    prepared: Prepared,
    scratch: Path,
    count: Count,
    seconds: float,
    within: float,
    settings: dict[str, float],
) -> None:
    async with drill(prepared, scratch, clients=40, changed=settings) as under:
        await asyncio.sleep(0.7)
        with under.meanwhile(), hanging(under.server) as asleep:
            await asyncio.sleep(seconds)
            assert {state_of(process) for process in asleep} == {"T"}, "void"
        awake, before = time.monotonic(), without_core(under.service.process.pid)
        assert await until(lambda: under.ledger.first_after(awake) < float("inf"), 30)
        waited = without_core(under.service.process.pid) - before
    first = under.ledger.first_after(awake)
    count(f"{len(asleep)} processes stood still for {seconds} s")
    count(f"first 201 after {first:.2f} s, of which {waited:.2f} s without a core")
    count(under.in_words())
    assert under.ledger.statuses[503] > 0, "void"
    assert under.faults(within=within) == []
    assert first - waited <= FIRST_AFTER_SECONDS


@pytest.mark.long
async def test_a_locked_table_is_503_in_time_and_works_when_it_is_free(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    seconds = 8
    async with drill(prepared, scratch, clients=40) as under:
        await asyncio.sleep(0.5)
        owner = await owner_of(under.server)
        async with owner.transaction():
            await owner.execute("LOCK TABLE referral IN ACCESS EXCLUSIVE MODE")
            with under.meanwhile():
                await asyncio.sleep(seconds)
            waiting = await owner.fetchval(WAITING)
        free = time.monotonic()
        await owner.close()
        assert await until(lambda: under.ledger.first_after(free) < float("inf"), 30)
    first = under.ledger.first_after(free)
    count(f"locked for {seconds} s, {waiting} waited at its end; first 201 after {first:.2f} s")
    count(under.in_words())
    assert under.ledger.statuses[503] > 0, "void"
    assert under.faults(red=False, within=8) == []
    assert first <= FIRST_AFTER_SECONDS


@pytest.mark.long
async def test_control_waits_without_bounds_are_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    long = dict.fromkeys(SHORT, 60.0)
    async with drill(prepared, scratch, clients=40, changed=long) as under:
        await asyncio.sleep(0.7)
        with under.meanwhile(), hanging(under.server):
            await asyncio.sleep(10)
    count(under.in_words())
    assert any("an answer took" in fault for fault in under.faults(within=8))


@pytest.mark.long
async def test_control_a_service_that_keeps_everyone_waiting_is_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    async with drill(prepared, scratch, bug="blocked_loop", clients=4) as under:
        with under.meanwhile():
            await asyncio.sleep(1.5)
    count(under.in_words())
    assert any("live was slow" in fault for fault in under.faults(red=False))
