"""An import is killed again and again, or its database: what it leaves is that of a run nobody touched."""

import asyncio
import random
import signal
from functools import partial
from pathlib import Path

import pytest

from app.adapters.embedded_postgres import start
from tests.faults.importing import Importing, Left, cohort, further, importing, left_by, rows_done
from tests.faults.load import new_seed, until
from tests.faults.planted_import import APART_SECONDS, BUGS
from tests.faults.postgres import copied_cluster, family, owner_of, send, state_of
from tests.faults.stage import Count, Prepared

pytestmark = pytest.mark.timeout(1200)

ROWS = 1800
ROWS_OF_LONG = 12_000


@pytest.fixture
def file(scratch: Path) -> Path:
    (scratch / "killed").mkdir()
    return scratch / "killed" / "cohort.csv"


async def killed(import_: Importing, kills: int, chance: random.Random, within: float = 0.3) -> int:
    """Kills it so often, each time after it stored more than before; how often rows were left to do.

    In turns its whole group, and the command alone: the processes that it started end with it.
    """
    owner, unfinished = await owner_of(import_.server), 0
    for number in range(kills):
        before = await rows_done(owner)
        import_.start()
        await further(owner, before)
        await asyncio.sleep(chance.uniform(0, within))
        children = import_.kill(alone=number % 2 == 0)
        assert len(children) >= import_.processes
        assert await until(partial(all_ended, children), 10), "its processes outlived it"
        unfinished += await owner.fetchval("SELECT count(*) FROM import WHERE finished_at IS NULL")
    await owner.close()
    return unfinished


def all_ended(processes: list[int]) -> bool:
    """Whether none of them runs."""
    return all(state_of(process) in {"", "Z"} for process in processes)


@pytest.mark.parametrize(
    ("untouched", "kills"),
    [(ROWS, 2), pytest.param(ROWS_OF_LONG, 20, marks=pytest.mark.long)],
    indirect=["untouched"],
)
async def test_a_killed_import_leaves_what_one_leaves_that_nobody_kills(
    prepared: Prepared, untouched: Left, file: Path, count: Count, kills: int
) -> None:
    seed = new_seed()
    with (
        copied_cluster(prepared.cluster) as server,
        importing(prepared, server, cohort(file, len(untouched.results) - 2)) as import_,
    ):
        middles = await killed(import_, kills, random.Random(seed))  # noqa: S311  no secret
        left = await left_by(import_)
    differences = left.differences(untouched)
    count(f"{kills} kills, {middles} in the middle; {len(left.stored):,} referrals, {differences}")
    assert middles >= 0.9 * kills, "void"
    assert differences == {}
    assert left.code == untouched.code == 1  # some rows are wrong on purpose


@pytest.mark.parametrize("untouched", [ROWS], indirect=True)
@pytest.mark.parametrize("bug", BUGS)
@pytest.mark.long
async def test_control_an_import_that_forgets_is_found(
    prepared: Prepared, untouched: Left, file: Path, count: Count, bug: str
) -> None:
    with (
        copied_cluster(prepared.cluster) as server,
        importing(prepared, server, cohort(file, ROWS), bug) as import_,
    ):
        # One that commits apart waits in between, and is killed there; others would have ended by then.
        within = APART_SECONDS if bug == "committed_apart" else 0.3
        await killed(import_, 2, random.Random(0), within)  # noqa: S311  no secret
        left = await left_by(import_)
    count(f"{bug}: {left.differences(untouched)}")
    assert left.differences(untouched) != {}


@pytest.mark.parametrize("untouched", [ROWS], indirect=True)
async def test_an_import_waits_for_a_database_that_is_killed(
    prepared: Prepared, untouched: Left, file: Path, count: Count
) -> None:
    with (
        copied_cluster(prepared.cluster) as server,
        importing(prepared, server, cohort(file, ROWS)) as import_,
    ):
        import_.start()
        owner = await owner_of(server)
        await further(owner, 0)
        victims = family(server)
        send(signal.SIGKILL, victims)
        assert await until(partial(all_ended, victims), 10), "void"
        await asyncio.sleep(1)
        assert import_.is_alive(), "it did not wait"
        await asyncio.to_thread(start, server)
        left = await left_by(import_)
        owner.terminate()
    count(f"{len(left.stored):,} referrals, {left.differences(untouched)}; said: {import_.waited()}")
    assert import_.waited(), "it never missed the database: void"
    assert left.differences(untouched) == {}
