"""G15: clients that drip heads and bodies, and bodies made to hurt; everyone else is served meanwhile."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.hostile import KINDS, hostile_body
from tests.faults.load import referral
from tests.faults.postgres import copied_cluster, over
from tests.faults.pulse import pulse
from tests.faults.service import Service, serving
from tests.faults.stage import Count, Prepared
from tests.faults.wire import Wire

MEGABYTE = 1024 * 1024
MOST_GROWTH = 50 * MEGABYTE
POST = b"POST /v1/referrals HTTP/1.1\r\nHost: service\r\n"
BODY = POST + b"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
# What each kind sends at once; then it sends one more byte at a time, or nothing.
STARTS = {
    "silent": (b"", b""),
    "half a head": (POST, b"x"),
    "half a head, kept open": (b"GET /healthz/live HTTP/1.1\r\nHost: service\r\n\r\n" + POST, b"x"),
    "half a body": (BODY, b" "),
    "a body that nobody waits for": (BODY.replace(b"Host", b"Accept: text/xml\r\nHost"), b" "),
}


async def is_cut(reader: asyncio.StreamReader) -> bool:
    """Whether the server ends the connection within half a second."""
    try:
        return not await asyncio.wait_for(reader.read(4096), 0.5)
    except TimeoutError:
        return False


async def drip(port: int, kind: str, patience: float) -> float:
    """Seconds until the server cuts a slow client of a kind; infinite where it does not."""
    began = time.monotonic()
    start, more = STARTS[kind]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(start)
    try:
        while time.monotonic() - began < patience:
            writer.write(more)
            if await is_cut(reader):
                return time.monotonic() - began
        return float("inf")
    except OSError:
        return time.monotonic() - began
    finally:
        writer.close()


async def slow_clients(service: Service, clients: int, patience: float) -> list[float]:
    """Many of each kind at once: when each was cut."""
    kinds = [list(STARTS)[number % len(STARTS)] for number in range(clients)]
    return await asyncio.gather(*(drip(service.port, kind, patience) for kind in kinds))


@pytest.mark.parametrize(
    ("clients", "seconds", "within"),
    [(100, 0.5, 5.0), pytest.param(400, 10.0, 15.0, marks=pytest.mark.long)],
    ids=["short", "400"],
)
async def test_slow_clients_are_cut_and_nobody_waits_for_them(
    prepared: Prepared, scratch: Path, count: Count, clients: int, seconds: float, within: float
) -> None:
    deadlines = {"head_timeout_seconds": seconds, "body_timeout_seconds": seconds}
    with copied_cluster(prepared.cluster) as server:
        settings = over(prepared.settings, server).model_copy(update=deadlines)
        with serving(settings, scratch) as service:
            before = service.resident_bytes()
            async with pulse(service) as live:
                cut = await slow_clients(service, clients, within + 5)
            grown = service.resident_bytes() - before
    count(f"{clients} slow clients, cut after {min(cut):.1f} to {max(cut):.1f} s; {grown / MEGABYTE:+.1f} MB")
    count(f"live: {live.in_words()}")
    assert max(cut) <= within
    assert live.keeps_its_goal()
    assert set(live.statuses) == {"200"}
    assert grown < MOST_GROWTH


@pytest.mark.long
async def test_control_a_server_without_deadlines_is_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    deadlines = {"head_timeout_seconds": 0.5, "body_timeout_seconds": 0.5}
    with copied_cluster(prepared.cluster) as server:
        settings = over(prepared.settings, server).model_copy(update=deadlines)
        with serving(settings, scratch, bug="endless_patience") as service:
            cut = await slow_clients(service, len(STARTS), 4)
    count(f"{sum(seconds > 4 for seconds in cut)} of {len(cut)} kinds of slow clients were never cut")
    assert max(cut) > 4


async def statuses(wire: Wire, bodies: Sequence[bytes]) -> Counter[int]:
    """How these bodies were answered, one after another."""
    return Counter([(await wire.post("/v1/referrals", body)).status for body in bodies])


@pytest.mark.long
async def test_hostile_bodies_are_refused_and_leave_nothing_in_memory(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    bodies = 1000
    hostile = [hostile_body(KINDS[number % len(KINDS)]) for number in range(bodies)]
    with (
        copied_cluster(prepared.cluster) as server,
        serving(over(prepared.settings, server), scratch) as service,
    ):
        async with Wire(service.port, prepared.schools[0]) as wire:
            await statuses(wire, [referral(f"warm-{number}") for number in range(20)])
            before = service.resident_bytes()
            async with pulse(service) as live:
                answers = await statuses(wire, hostile)
            grown = service.resident_bytes() - before
    count(f"{bodies} hostile bodies: {dict(answers)}; {grown / MEGABYTE:+.1f} MB; live: {live.in_words()}")
    assert set(answers) <= {400, 413}
    assert grown < MOST_GROWTH


@pytest.mark.long
async def test_control_a_server_that_keeps_what_it_read_is_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    with (
        copied_cluster(prepared.cluster) as server,
        serving(over(prepared.settings, server), scratch, bug="hoarded_bodies") as service,
    ):
        before = service.resident_bytes()
        async with Wire(service.port) as wire:
            for _ in range(80):
                await wire.post("/v1/referrals", b" " * 900_000)
        grown = service.resident_bytes() - before
    count(f"{grown / MEGABYTE:+.1f} MB")
    assert grown >= MOST_GROWTH
