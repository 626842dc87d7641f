"""G2: PostgreSQL is killed under load; only 503 meanwhile, nothing lost or doubled, work again by itself."""

import asyncio
import random
import signal
import time
from pathlib import Path

import pytest

from app.adapters.embedded_postgres import start
from tests.faults.drill import Drill, drill
from tests.faults.load import until
from tests.faults.postgres import family, owner_of, postmaster, send, state_of
from tests.faults.stage import Count, Prepared

FIRST_AFTER_SECONDS = 2.0
NEW_CONNECTIONS = """
SELECT pg_reload_conf(), pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE usename = 'verwijsroute_service'
"""


def chance_of(under: Drill) -> random.Random:
    """Moments that the printed seed gives again."""
    return random.Random(under.ledger.seed)  # noqa: S311  no secret


async def kill_and_start(under: Drill, chance: random.Random) -> tuple[bool, float]:
    """One kill of the whole server under load: was anything in flight, and seconds to the first 201."""
    await asyncio.sleep(chance.uniform(0.2, 0.9))
    victims = family(under.server)
    busy = under.ledger.in_flight > 0
    with under.meanwhile():
        send(signal.SIGKILL, victims)
        assert await until(lambda: all(state_of(victim) in {"", "Z"} for victim in victims), 5), "void"
        await asyncio.sleep(0.3)  # long enough for every client to hear that it is away
        await asyncio.to_thread(start, under.server)
    assert postmaster(under.server) not in victims, "the server was not restarted: void"
    accepting = time.monotonic()
    assert await until(lambda: under.ledger.first_after(accepting) < float("inf"), 30)
    return busy, under.ledger.first_after(accepting)


@pytest.mark.parametrize("kills", [1, pytest.param(10, marks=pytest.mark.long)])
async def test_a_killed_database_loses_nothing_and_work_goes_on_by_itself(
    prepared: Prepared, scratch: Path, count: Count, kills: int
) -> None:
    async with drill(prepared, scratch) as under:
        chance = chance_of(under)
        outcomes = [await kill_and_start(under, chance) for _ in range(kills)]
    busy, slowest = sum(busy for busy, _ in outcomes), max(seconds for _, seconds in outcomes)
    count(f"{kills} kills, {busy} with requests in flight; first 201 after at most {slowest:.2f} s")
    count(under.in_words())
    assert busy >= 0.9 * kills, "void"
    assert under.faults() == []
    assert slowest <= FIRST_AFTER_SECONDS


@pytest.mark.long
async def test_control_a_database_that_forgets_what_it_committed_is_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    async with drill(prepared, scratch) as under:
        owner = await owner_of(under.server)
        await owner.execute("ALTER ROLE verwijsroute_service SET synchronous_commit = off")
        await owner.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        await owner.execute(NEW_CONNECTIONS)
        await owner.close()
        await asyncio.sleep(1)
        await kill_and_start(under, chance_of(under))
        await asyncio.sleep(1)
    count(under.in_words())
    assert under.found is not None
    assert under.found.lost > 0


@pytest.mark.long
async def test_control_a_failure_that_is_not_named_is_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    async with drill(prepared, scratch, bug="unnamed_failures") as under:
        await kill_and_start(under, chance_of(under))
    count(under.in_words())
    assert any("500" in fault for fault in under.faults())
