"""G3: the power fails under load: what had reached the disk by then holds everything acknowledged before."""

import asyncio
import os
import random
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from app.adapters.embedded_postgres import embedded_postgres
from tests.faults.loop import Loop, closed_loop
from tests.faults.postgres import SERVICE_ROLE, family, owner_of, send
from tests.faults.stage import Count, Prepared

DISK_BYTES = 600 * 1024 * 1024
CUTS = 20
# Rows that a client or a receiver was told of; each table has its own.
THERE = {
    "referral": "SELECT id::text FROM referral",
    "step": "SELECT handover_id || split_part(type, '.', 2) FROM event WHERE handover_id IS NOT NULL",
    "attempt": "SELECT event_id::text FROM webhook_attempt",
    "event": "SELECT id::text FROM event",
}
# WAL is then written by chance, every ten seconds, as it is where nobody waits.
FORGETFUL = (
    "ALTER ROLE verwijsroute_service SET synchronous_commit = off",
    "ALTER SYSTEM SET wal_writer_delay = '10s'",
    "SELECT pg_reload_conf()",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'verwijsroute_service'",
)


@dataclass(frozen=True, slots=True)
class Cut:
    """What the disk held at one moment, and what had been told before it."""

    image: Path
    told: dict[str, set[str]]


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Path]:
    """An image as a file system; writes that nobody waits for stay in memory as long as they may."""
    folder.mkdir()
    done = subprocess.run(["mount", "-o", "loop,commit=300", image, folder], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("mounting an image needs root and a loop device: the power was not cut")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def disk(scratch: Path) -> Iterator[tuple[Path, Path]]:
    """An image with ext4, and where it is mounted."""
    image = scratch / "disk"
    with image.open("wb") as made:
        made.truncate(DISK_BYTES)
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("mkfs.ext4 is not installed: the power was not cut")
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    with mounted(image, scratch / "place") as place:
        yield image, place


def cut(loop: Loop, image: Path, number: int) -> Cut:
    """Copies what reached the disk, at one moment: PostgreSQL stands still meanwhile."""
    assert loop.load is not None
    asleep = family(loop.server)
    send(signal.SIGSTOP, asleep)
    try:
        steps = {handover + status for handover, status in loop.load.events()}
        arrived = {arrival.id for arrival in loop.receiver.arrivals()}
        told = {"referral": set(loop.load.referrals.acknowledged.values()), "step": steps}
        told |= {"attempt": arrived, "event": arrived | {item["id"] for item in loop.feed}}
        copy = image.with_name(f"cut-{number}")
        subprocess.run(["cp", "--sparse=always", image, copy], check=True)
    finally:
        send(signal.SIGCONT, asleep)
    return Cut(copy, told)


async def missing_after(cut: Cut) -> dict[str, int]:
    """What is missing, table by table, once PostgreSQL has recovered on the copy."""
    with mounted(cut.image, cut.image.with_suffix(".place")) as place:
        (place / "postgres" / "postmaster.pid").unlink()
        with embedded_postgres(place / "postgres", SERVICE_ROLE) as server:
            owner = await owner_of(server)
            missing = {table: await _missing(owner, table, told) for table, told in cut.told.items()}
            await owner.close()
    cut.image.unlink()
    return missing


async def _missing(owner: asyncpg.Connection, table: str, told: set[str]) -> int:
    return len(told - {row[0] for row in await owner.fetch(THERE[table])})


async def cuts_under_load(
    prepared: Prepared, folder: Path, disk: tuple[Path, Path], number: int, before: Sequence[str] = ()
) -> list[Cut]:
    """So many cuts while clients work and the worker sends; the service goes on after each."""
    cuts, (image, place) = list[Cut](), disk
    async with closed_loop(prepared, folder, place=place) as loop, loop.worked(60) as load:
        chance = random.Random(load.referrals.seed)  # noqa: S311  no secret
        assert await loop.telling(), "void"  # the worker would not start on such a database
        os.sync()  # the copy that it began with is no write of the service
        for statement in before:
            await loop.owner.execute(statement)
        for one in range(number):
            assert await loop.telling(), "the worker sends nothing: void"
            await asyncio.sleep(chance.uniform(0.2, 0.8))
            cuts.append(cut(loop, image, one))
    return cuts


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_power_cut_loses_nothing_that_anybody_was_told(
    prepared: Prepared, scratch: Path, disk: tuple[Path, Path], count: Count
) -> None:
    cuts = await cuts_under_load(prepared, scratch, disk, CUTS)
    missing = [await missing_after(cut) for cut in cuts]
    told = {table: len(rows) for table, rows in cuts[-1].told.items()}
    count(f"{CUTS} cuts, before the last were told {told}; missing {[sum(one.values()) for one in missing]}")
    assert all(cuts[-1].told.values()), "void"
    assert not any(sum(one.values()) for one in missing)


@pytest.mark.long
async def test_control_a_disk_that_is_not_waited_for_is_found(
    prepared: Prepared, scratch: Path, disk: tuple[Path, Path], count: Count
) -> None:
    cuts = await cuts_under_load(prepared, scratch, disk, 3, FORGETFUL)
    missing = [await missing_after(cut) for cut in cuts]
    count(f"missing {missing}")
    assert any(sum(one.values()) for one in missing)
