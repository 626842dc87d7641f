"""G13: the next release migrates a table of a million rows while this one serves, and then both do."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from app.adapters.embedded_postgres import EmbeddedPostgres
from app.config import Settings
from tests.faults.load import Ledger, new_seed, placing
from tests.faults.postgres import copied_cluster, over, owner_of
from tests.faults.pulse import pulse
from tests.faults.releases import BAD, alembic, next_release
from tests.faults.service import run_command, serving
from tests.faults.stage import Count, Prepared

pytestmark = pytest.mark.long

ROWS = 1_000_000
LONGEST_LOCK_SECONDS = 1.0
MANY = """
INSERT INTO referral (id, organisation_id, status, created_at, decision_version, content_fingerprint,
                      key_id, wrapped_key, identity, reference_date)
SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, o.id, 'closed', now(), 1,
       '\\x00', 'none', '\\x00', '\\x00', '2026-01-01'
  FROM generate_series(1, $1) n, (SELECT id FROM organisation LIMIT 1) o
"""
# Locks that keep writers waiting; one that is only asked for does so as well.
LOCKED = """
SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'referral'::regclass AND mode IN
    ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))
"""


@pytest.fixture(scope="module")
def million(prepared: Prepared) -> Iterator[EmbeddedPostgres]:
    """A cluster with a million referrals."""

    async def fill(server: EmbeddedPostgres) -> None:
        owner = await owner_of(server)
        await owner.execute(MANY.replace("$1", str(ROWS)))
        await owner.execute("VACUUM ANALYZE referral")
        await owner.close()

    with copied_cluster(prepared.cluster) as server:
        asyncio.run(fill(server))
        yield server


@asynccontextmanager
async def watching_locks(server: EmbeddedPostgres) -> AsyncIterator[list[float]]:
    """How long the table was locked against writers, each time, in seconds."""
    spans: list[float] = []
    watcher = await owner_of(server)
    watching = asyncio.create_task(_watch(watcher, spans))
    try:
        yield spans
    finally:
        watching.cancel()
        await asyncio.wait([watching])
        await watcher.close(timeout=5)


async def _watch(watcher: asyncpg.Connection, spans: list[float]) -> None:
    since = 0.0
    while True:
        locked, now = await watcher.fetchval(LOCKED), time.monotonic()
        if locked and not since:
            since = now
            spans.append(0.0)
        if locked:
            spans[-1] = now - since
        else:
            since = 0.0
        await asyncio.sleep(0.01)


async def up_down_up(release: Path, settings: Settings) -> None:
    for arguments in (("upgrade", "head"), ("downgrade", "-1"), ("upgrade", "head")):
        await asyncio.to_thread(alembic, release, settings, *arguments)


async def place_by_the_next(release: Path, settings: Settings, folder: Path, keys: list[str]) -> Ledger:
    """What clients of the next release got in three seconds."""
    with ExitStack() as stack:  # entered in a thread: the clients of the release before go on meanwhile
        new = await asyncio.to_thread(stack.enter_context, serving(settings, folder, root=release))
        async with placing(new.port, keys, new_seed(), clients=4) as ledger:
            await asyncio.sleep(3)
    return ledger


async def test_both_releases_serve_while_a_million_rows_are_migrated(
    prepared: Prepared, million: EmbeddedPostgres, scratch: Path, count: Count
) -> None:
    settings, release, seed = over(prepared.settings, million), next_release(scratch), new_seed()
    with serving(settings, scratch) as old:
        async with (
            pulse(old, "/healthz/ready") as ready,
            placing(old.port, prepared.schools, seed, clients=4) as by_old,
        ):
            async with watching_locks(million) as spans:
                await up_down_up(release, settings)
            by_new = await place_by_the_next(release, settings, scratch, prepared.schools)
    count(f"seed {seed}: old release: {by_old.in_words()}, slowest {by_old.slowest:.2f} s")
    count(f"new release: {by_new.in_words()}; old one ready: {dict(ready.statuses)}")
    count(f"{ROWS:,} rows up, down and up: locked {len(spans)} times, at most {max(spans, default=0):.2f} s")
    assert set(by_old.statuses) == set(by_new.statuses) == {201}
    assert by_old.broken + by_new.broken == 0
    assert set(ready.statuses) == {"200"}
    assert max(spans, default=0) <= LONGEST_LOCK_SECONDS


async def test_a_migration_that_finds_its_table_in_use_gives_up_and_says_so(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    release = next_release(scratch)
    with copied_cluster(prepared.cluster) as server:
        owner = await owner_of(server)
        async with owner.transaction():
            await owner.execute("SELECT FROM referral")
            began = time.monotonic()
            done = await asyncio.to_thread(run_command, over(prepared.settings, server), release, "migrate")
        await owner.close()
    count(f"gave up after {time.monotonic() - began:.1f} s, start included")
    assert done.returncode == 2
    assert "run it again" in done.stderr


async def test_control_a_bad_migration_locks_the_table_too_long(
    million: EmbeddedPostgres, count: Count
) -> None:
    owner = await owner_of(million)
    async with watching_locks(million) as spans:
        await owner.execute(BAD.replace("COLUMN weight", "COLUMN heavy"))
    await owner.close()
    count(f"locked at most {max(spans):.2f} s")
    assert max(spans) > LONGEST_LOCK_SECONDS
