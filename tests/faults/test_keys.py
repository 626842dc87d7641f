"""G18: a key that is revoked is refused at once by every process, and tells nobody anything before that."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.embedded_postgres import OWNER_ROLE, EmbeddedPostgres, _run
from app.adapters.postgres import bare_driver_of
from app.config import Settings
from app.db import open_database
from app.errors import BadCredential
from app.services.authenticating import Client, authenticate
from app.services.quotas import Quota
from tests.faults.postgres import copied_cluster, over
from tests.faults.service import ROOT, run_command, serving
from tests.faults.stage import Count, Prepared
from tests.faults.wire import Wire

SECONDS: Final = 1.0
TIMINGS: Final = 10_000
# Half is no difference at all; of 10,000 against 10,000 chance alone stays within this, five times over.
FURTHEST: Final = 0.02
Ask = Callable[[AsyncConnection, str, datetime, Quota], Awaitable[Client]]
ASKED: Final = "/v1/referrals?limit=1"


def new_key(settings: Settings) -> str:
    school = ("school", "00ZZ", "College Voorbeeld", "--role", "referrer")
    return run_command(settings, ROOT, "clients", "create", *school).stdout.strip()


async def answered_after_revoking(settings: Settings, ports: list[int], key: str) -> tuple[int, float]:
    """How many requests were answered 200 before, and for how long any process did after the command."""
    before, last, ended = 0, 0.0, asyncio.Event()

    async def ask(port: int) -> None:
        nonlocal before, last
        async with Wire(port, key) as wire:
            while not ended.is_set():
                if (await wire.get(ASKED)).status == 200:
                    before, last = before + 1, time.monotonic()

    asking = [asyncio.create_task(ask(port)) for port in ports]
    await asyncio.sleep(1)
    await asyncio.to_thread(run_command, settings, ROOT, "clients", "revoke", key.split("_")[1])
    revoked = time.monotonic()
    await asyncio.sleep(2 * SECONDS)
    ended.set()
    await asyncio.gather(*asking)
    return before, max(0.0, last - revoked)


@pytest.mark.parametrize("bug", [None, pytest.param("remembered_callers", marks=pytest.mark.long)])
async def test_a_revoked_key_is_refused_within_a_second_by_two_processes(
    prepared: Prepared, scratch: Path, count: Count, bug: str | None
) -> None:
    with copied_cluster(prepared.cluster) as server, ExitStack() as running:
        settings = over(prepared.settings, server)
        key = await asyncio.to_thread(new_key, settings)
        services = [running.enter_context(serving(settings, scratch, bug=bug)) for _ in range(2)]
        ports = [service.port for service in services]
        before, seconds = await answered_after_revoking(settings, ports, key)
    count(f"{bug or 'as it is'}: {before} answers before, the last one {seconds:.3f} s after")
    assert before > 10, "void"
    assert (seconds <= SECONDS) == (bug is None)


def test_a_dump_of_the_database_holds_no_secret(prepared: Prepared, count: Count) -> None:
    with copied_cluster(prepared.cluster) as server:
        settings = over(prepared.settings, server)
        key = new_key(settings)
        dumped = dump_as_text(server)
    public_ids = [one.split("_")[1] for one in (key, *prepared.keys.values())]
    found = [one for one in (key, *prepared.keys.values()) if one.split("_")[2] in dumped]
    count(f"{len(public_ids)} keys in {len(dumped)} characters, {len(found)} secrets among them")
    assert all(public_id in dumped for public_id in public_ids), "void"
    assert found == []


def dump_as_text(server: EmbeddedPostgres) -> str:
    """The whole database as `pg_dump` writes it; bytes are hexadecimal there, as secrets are in keys."""
    done = _run("pg_dump", server.url(OWNER_ROLE))
    assert done.returncode == 0, done.stderr[-1000:]
    return done.stdout


def likelihood(some: list[float], others: list[float]) -> float:
    """How likely one of `some` took longer than one of `others` (Mann and Whitney's U over all pairs)."""
    ordered = sorted([(seconds, 1) for seconds in some] + [(seconds, 0) for seconds in others])
    ranks = sum(rank for rank, (_, ours) in enumerate(ordered, 1) if ours)
    return (ranks - len(some) * (len(some) + 1) / 2) / (len(some) * len(others))


async def look_first(connection: AsyncConnection, key: str, now: datetime, quota: Quota) -> Client:
    """The control: a key that nobody has is refused before its secret is looked at."""
    driver = bare_driver_of(connection)
    await driver.execute("BEGIN; SELECT set_config('verwijsroute.scope', 'system', true)")
    found = await driver.fetchval("SELECT 1 FROM credential WHERE public_id = $1", key.split("_")[1])
    await driver.execute("ROLLBACK")
    if not found:
        raise BadCredential
    return await authenticate(connection, key, now, quota)


async def timed(connection: AsyncConnection, ask: Ask, known: str) -> tuple[list[float], list[float]]:
    """Seconds that refusals took: of ids that nobody has, and of an id that is there with a wrong secret."""
    kinds, quota = [0, 1] * TIMINGS, Quota(6000, 60)
    secrets.SystemRandom().shuffle(kinds)
    seconds: tuple[list[float], list[float]] = ([], [])
    for kind in kinds:
        key = f"vr_{known if kind else secrets.token_hex(8)}_{secrets.token_hex(32)}"
        began = time.perf_counter()
        with suppress(BadCredential):
            await ask(connection, key, datetime.now(UTC), quota)
        seconds[kind].append(time.perf_counter() - began)
    return seconds


@pytest.mark.long
@pytest.mark.parametrize("ask", [authenticate, look_first])
async def test_an_unknown_key_and_a_wrong_secret_take_as_long(
    prepared: Prepared, count: Count, ask: Ask
) -> None:
    known = prepared.schools[0].split("_")[1]
    with copied_cluster(prepared.cluster) as server:
        async with open_database(over(prepared.settings, server)) as database, database.session() as session:
            await timed(session.connection, ask, known)
            unknown, wrong = await timed(session.connection, ask, known)
    told = likelihood(wrong, unknown)
    middle = [sorted(kind)[TIMINGS // 2] * 1e6 for kind in (unknown, wrong)]
    count(f"{ask.__name__}: of {TIMINGS} each a wrong secret took longer in {told:.4f} of all pairs")
    count(f"half of them within {middle[0]:.1f} and {middle[1]:.1f} microseconds")
    assert (abs(told - 0.5) <= FURTHEST) == (ask is authenticate)
