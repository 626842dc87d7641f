"""An import meets a full disk, of its database or of its results: what it leaves is that of one with room."""

import asyncio
from pathlib import Path

import pytest

from app.adapters.embedded_postgres import start
from tests.faults.full import fill
from tests.faults.importing import Left, cohort, contents, further, importing, left_by
from tests.faults.postgres import copied_cluster, owner_of
from tests.faults.stage import Count, Prepared

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.parametrize("untouched", [ROWS := 1800], indirect=True),
]
FULL_FOR_SECONDS = 3


@pytest.mark.long
async def test_an_import_waits_for_room_on_the_disk_of_its_database(
    prepared: Prepared, untouched: Left, scratch: Path, small_disk: Path, count: Count
) -> None:
    file = cohort(scratch / "cohort.csv", ROWS)
    with copied_cluster(prepared.cluster, small_disk) as server, importing(prepared, server, file) as import_:
        import_.start()
        owner = await owner_of(server)
        await further(owner, 0)
        await asyncio.to_thread(fill, small_disk / "filler")
        await asyncio.sleep(FULL_FOR_SECONDS)
        alive = import_.is_alive()
        (small_disk / "filler").unlink()
        await asyncio.to_thread(start, server)  # it may have given up
        left = await left_by(import_)
        owner.terminate()
    count(f"{len(left.stored):,} referrals, {left.differences(untouched)}; said: {import_.waited()}")
    assert alive, "it did not wait"
    assert import_.waited(), "the disk was never full for it: void"
    assert left.differences(untouched) == {}


async def test_an_import_without_room_for_its_results_says_so_and_goes_on_when_there_is(
    prepared: Prepared, untouched: Left, small_disk: Path
) -> None:
    file = cohort(small_disk / "cohort.csv", ROWS)
    with copied_cluster(prepared.cluster) as server, importing(prepared, server, file) as import_:
        fill(small_disk / "filler")
        code, _, said = await asyncio.to_thread(import_.finish)
        begun = await contents(import_)
        (small_disk / "filler").unlink()
        left = await left_by(import_)
    assert (code, said.splitlines()[-1].endswith("the results cannot be written")) == (2, True)
    assert begun.keys() <= left.stored.keys()
    assert left.differences(untouched) == {}
