"""G27: keys are rotated under load; nothing fails to be read, and the old key is needed no more."""

import asyncio
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.adapters.embedded_postgres import EmbeddedPostgres
from app.config import Settings
from tests.faults.load import Ledger, new_seed, placing, until
from tests.faults.postgres import copied_cluster, over, owner_of
from tests.faults.service import ROOT, run_command, serving
from tests.faults.stage import Count, Prepared
from tests.faults.wire import Wire

pytestmark = pytest.mark.long

ROWS = 10_000
LEFT = "SELECT count(*) FROM referral WHERE key_id <> 'next'"


@dataclass
class Reads:
    """What readers got of referrals that were acknowledged."""

    done: int = 0
    failed: list[int] = field(default_factory=list)


@pytest.fixture
def server(prepared: Prepared) -> Iterator[EmbeddedPostgres]:
    with copied_cluster(prepared.cluster) as running:
        yield running


async def reading(port: int, key: str, ids: list[str], stopping: asyncio.Event, reads: Reads) -> None:
    """Reads one after another, over and over."""
    async with Wire(port, key) as wire:
        while not stopping.is_set():
            answer = await wire.get(f"/v1/referrals/{ids[reads.done % len(ids)]}")
            reads.done += 1
            reads.failed += [answer.status] if answer.status != 200 else []


async def placed(settings: Settings, folder: Path, key: str, many: int) -> list[str]:
    """So many referrals under the settings' active key."""
    with serving(settings, folder) as service:
        async with placing(service.port, [key], new_seed()) as ledger:
            assert await until(lambda: len(ledger.acknowledged) >= many, 300)
    return list(ledger.acknowledged.values())


async def rotated(
    settings: Settings, folder: Path, key: str, ids: list[str]
) -> tuple[dict[str, object], Reads, Ledger]:
    """Rotates while referrals are read and placed."""
    reads, stopping = Reads(), asyncio.Event()
    with serving(settings, folder) as service:
        readers = [
            asyncio.create_task(reading(service.port, key, ids[n::4], stopping, reads)) for n in range(4)
        ]
        async with placing(service.port, [key], new_seed(), clients=2) as ledger:
            assert await until(lambda: reads.done > 100, 30)
            done = await asyncio.to_thread(run_command, settings, ROOT, "keys", "rotate", "--json")
        stopping.set()
        await asyncio.gather(*readers)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), reads, ledger


async def unread(settings: Settings, folder: Path, key: str, ids: list[str]) -> list[str]:
    """The referrals that cannot be read now."""
    with serving(settings, folder) as service:
        async with Wire(service.port, key) as wire:
            return [id for id in ids if (await wire.get(f"/v1/referrals/{id}")).status != 200]


async def test_keys_are_rotated_under_load(
    server: EmbeddedPostgres, prepared: Prepared, scratch: Path, count: Count
) -> None:
    old = over(prepared.settings, server)
    new_key = secrets.token_bytes(32)
    both = old.model_copy(update={"key_encryption_keys": {"next": new_key, **old.key_encryption_keys}})
    alone = old.model_copy(update={"key_encryption_keys": {"next": new_key}})
    key = prepared.schools[0]
    ids = await placed(old, scratch, key, ROWS)
    report, reads, ledger = await rotated(both, scratch, key, ids)
    owner = await owner_of(server)
    left = await owner.fetchval(LEFT)
    await owner.close()
    ids += ledger.acknowledged.values()
    lost = await unread(alone, scratch, key, ids)
    count(f"{report['wrapped']} of {len(ids):,} referrals wrapped anew under load; {ledger.in_words()}")
    count(f"{reads.done:,} reads meanwhile, {len(reads.failed)} failed")
    count(f"under the old key afterwards: {left}; not read without it: {len(lost)}")
    assert (reads.failed, left, lost) == ([], 0, [])
    assert ledger.only_unavailable()
