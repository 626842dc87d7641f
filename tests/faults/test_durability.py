"""G3b: every acknowledged write has reached the disk: PostgreSQL's calls of fsync are counted by strace."""

import asyncio
import re
import shutil
import subprocess
from pathlib import Path

import asyncpg
import pytest

from app.adapters.embedded_postgres import EmbeddedPostgres
from tests.faults.load import referral
from tests.faults.postgres import copied_cluster, family, over, owner_of
from tests.faults.service import serving
from tests.faults.stage import Count, Prepared
from tests.faults.wire import Wire

FLUSH = "fsync,fdatasync"
CALL = re.compile(r"\b(?:fsync|fdatasync)\(")
NEW_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'verwijsroute_service'
"""


async def place_one_by_one(port: int, key: str, referrals: int) -> int:
    """Referrals that each wait for the one before: no group of them can share one flush."""
    acknowledged = 0
    async with Wire(port, key) as wire:
        for number in range(referrals):
            acknowledged += (await wire.post("/v1/referrals", referral(f"durable-{number}"))).status == 201
    return acknowledged


async def forget(owner: asyncpg.Connection) -> None:
    """What the service refuses at its start, brought about behind its back."""
    await owner.execute("ALTER ROLE verwijsroute_service SET synchronous_commit = off")
    await owner.execute(NEW_CONNECTIONS)
    await asyncio.sleep(0.5)


async def count_flushes(prepared: Prepared, folder: Path, *, forgetful: bool) -> tuple[int, int]:
    """Referrals acknowledged one after another, and how often PostgreSQL flushed meanwhile."""
    written = folder / "strace"
    with copied_cluster(prepared.cluster) as server:
        owner = await owner_of(server)
        with serving(over(prepared.settings, server), folder) as service:
            if forgetful:
                await forget(owner)
            await place_one_by_one(service.port, prepared.schools[1], 5)
            await owner.execute("CHECKPOINT")
            tracing = await trace(server, written)
            acknowledged = await place_one_by_one(service.port, prepared.schools[0], 30)
            tracing.terminate()
            await tracing.wait()
        await owner.close()
    return acknowledged, len(CALL.findall(written.read_text()))


async def trace(server: EmbeddedPostgres, written: Path) -> asyncio.subprocess.Process:
    """strace on the server and every child that it has."""
    which = [argument for process in family(server) for argument in ("-p", str(process))]
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed: flushes were not counted")
    tracing = await asyncio.create_subprocess_exec(
        *(strace, "-f", "-e", f"trace={FLUSH}", "-o", str(written), *which), stderr=subprocess.PIPE
    )
    assert tracing.stderr is not None
    for _ in which[::2]:
        line = (await tracing.stderr.readline()).decode()
        if "not permitted" in line:
            pytest.skip("strace may not look at PostgreSQL here: flushes were not counted")
    return tracing


@pytest.mark.long
async def test_every_acknowledged_referral_was_flushed(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    acknowledged, flushes = await count_flushes(prepared, scratch, forgetful=False)
    count(f"{acknowledged} acknowledged one after another, {flushes} calls of {FLUSH}")
    assert acknowledged == 30
    assert flushes >= acknowledged


@pytest.mark.long
async def test_control_a_database_that_does_not_wait_for_the_disk_is_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    acknowledged, flushes = await count_flushes(prepared, scratch, forgetful=True)
    count(f"{acknowledged} acknowledged one after another, {flushes} calls of {FLUSH}")
    assert acknowledged == 30
    assert flushes < acknowledged
