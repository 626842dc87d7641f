"""G8: PostgreSQL has a full disk under load; writes are 503, what names nobody is read, nothing is lost."""

import asyncio
import time
from pathlib import Path

import asyncpg
import pytest

from app.adapters.embedded_postgres import start
from tests.faults.drill import Drill, drill
from tests.faults.full import fill
from tests.faults.load import until
from tests.faults.postgres import owner_of
from tests.faults.stage import Count, Prepared
from tests.faults.wire import Wire

FIRST_AFTER_SECONDS = 2.0


async def read_all(under: Drill, key: str, answers: list[int], stopping: asyncio.Event) -> None:
    """Reads over and over what names nobody: to look at a person is to write, and is refused too (G23)."""
    async with Wire(under.service.port, key) as wire:
        while not stopping.is_set():
            answers.append((await wire.get("/v1/teams?limit=5")).status)
            await asyncio.sleep(0.05)


async def prove_full(under: Drill) -> bool:
    """Whether PostgreSQL itself meets the end of the disk."""
    owner = await owner_of(under.server)
    try:
        with pytest.raises(asyncpg.DiskFullError):
            await owner.execute("CREATE TABLE more AS SELECT repeat('x', 900) FROM generate_series(1, 9999)")
    finally:
        await owner.close()
    return True


@pytest.mark.long
async def test_a_full_disk_refuses_writes_alone_and_loses_nothing(
    prepared: Prepared, scratch: Path, small_disk: Path, count: Count
) -> None:
    seconds, reads = 10, list[int]()
    stopping = asyncio.Event()
    async with drill(prepared, scratch, place=small_disk) as under:
        await asyncio.sleep(0.5)
        await asyncio.to_thread(fill, small_disk / "filler")
        full = await prove_full(under)
        reading = asyncio.create_task(read_all(under, prepared.schools[0], reads, stopping))
        with under.meanwhile():
            await asyncio.sleep(seconds)
        stopping.set()
        await reading
        (small_disk / "filler").unlink()
        await asyncio.to_thread(start, under.server)
        space = time.monotonic()
        assert await until(lambda: under.ledger.first_after(space) < float("inf"), 30)
    first = under.ledger.first_after(space)
    count(f"full for {seconds} s: {len(reads)} reads all {set(reads)}; first 201 after {first:.2f} s")
    count(under.in_words())
    assert full
    assert under.ledger.statuses[503] > 0, "void"
    assert set(reads) == {200}
    assert under.faults(red=False) == []
    assert first <= FIRST_AFTER_SECONDS
