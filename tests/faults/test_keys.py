"""G18: a key that is revoked is refused at once by every process, and tells nobody anything before that."""

import asyncio
import secrets
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from app.adapters.embedded_postgres import OWNER_ROLE, EmbeddedPostgres, _run
from app.config import Settings
from tests.faults.postgres import copied_cluster, over
from tests.faults.service import ROOT, run_command, serving
from tests.faults.stage import Count, Prepared
from tests.faults.wire import Wire

SECONDS: Final = 1.0
TIMINGS: Final = 10_000
# Half is no difference at all; of 10,000 against 10,000 chance alone stays within this, five times over.
FURTHEST: Final = 0.02
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


@pytest.mark.parametrize("bug", [None, "remembered_callers"])
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


async def timed(port: int, known: str, timings: int) -> tuple[list[float], list[float]]:
    """Seconds that refusals took: of ids that nobody has, and of an id that is there with a wrong secret."""
    kinds = [0, 1] * timings
    secrets.SystemRandom().shuffle(kinds)
    seconds: tuple[list[float], list[float]] = ([], [])
    async with Wire(port) as wire:
        for kind in kinds:
            public_id = known if kind else secrets.token_hex(8)
            key = f"vr_{public_id}_{secrets.token_hex(32)}"
            answer = await wire.post("/v1/referrals", b"{}", f"Authorization: Bearer {key}\r\n")
            assert answer.status == 401
            seconds[kind].append(answer.seconds)
    return seconds


@pytest.mark.long
@pytest.mark.parametrize("bug", [None, "unknown_keys_at_once"])
async def test_an_unknown_key_and_a_wrong_secret_take_as_long(
    prepared: Prepared, scratch: Path, count: Count, bug: str | None
) -> None:
    known = prepared.schools[0].split("_")[1]
    with (
        copied_cluster(prepared.cluster) as server,
        serving(over(prepared.settings, server), scratch, bug=bug) as service,
    ):
        await timed(service.port, known, 200)
        unknown, wrong = await timed(service.port, known, TIMINGS)
    told = likelihood(wrong, unknown)
    middle = [sorted(kind)[TIMINGS // 2] * 1e6 for kind in (unknown, wrong)]
    count(f"{bug or 'as it is'}: of {TIMINGS} each a wrong secret took longer in {told:.4f} of all pairs")
    count(f"half of them within {middle[0]:.0f} and {middle[1]:.0f} microseconds")
    assert (abs(told - 0.5) <= FURTHEST) == (bug is None)
