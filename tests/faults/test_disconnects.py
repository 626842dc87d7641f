"""G14: clients that go away in the middle of a request leave no connection, backend or memory behind."""

import asyncio
import socket
import struct
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from tests.faults.load import referral
from tests.faults.postgres import copied_cluster, over, owner_of
from tests.faults.service import Service, serving
from tests.faults.stage import Count, Prepared
from tests.faults.wire import wires

MEGABYTE = 1024 * 1024
MOST_GROWTH = 20 * MEGABYTE
POOL = 8
AT_ONCE = 50
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: closing sends RST instead of FIN
BACKENDS = """
SELECT count(*) FILTER (WHERE state <> 'idle') AS busy, count(*) AS all,
       count(*) FILTER (WHERE wait_event_type = 'Lock' AND query LIKE '%credential_by_secret%') AS waiting
  FROM pg_stat_activity WHERE usename = 'verwijsroute_service'
"""


def request(key: str, number: int) -> bytes:
    body = referral(f"gone-{number}")
    head = f"POST /v1/referrals HTTP/1.1\r\nHost: service\r\nAuthorization: Bearer {key}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


# How much of the request is sent before the client is gone.
CUTS: list[Callable[[bytes], bytes]] = [
    lambda whole: whole[:40],
    lambda whole: whole[: whole.index(b"\r\n\r\n") + 4],
    lambda whole: whole[:-10],
    lambda whole: whole,
    lambda whole: whole + whole[:60],
]


async def disappear(port: int, key: str, number: int) -> None:
    """Sends a part of a request, and is gone: half of them in order, half with a reset."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(CUTS[number % len(CUTS)](request(key, number)))
    await writer.drain()
    await asyncio.sleep(0.001 * (number % 7))
    line: socket.socket = writer.get_extra_info("socket")
    if number % 2:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.close()


async def disappear_often(service: Service, key: str, clients: int) -> None:
    for first in range(0, clients, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, clients))
        await asyncio.gather(*(disappear(service.port, key, number) for number in numbers))


async def warm_up(service: Service, key: str) -> None:
    """As much at once as the pool has connections, so that all of them are made."""
    async with wires(service.port, key, POOL) as lines:
        for turn in range(3):
            bodies = [referral(f"warm-{turn}-{number}") for number in range(POOL)]
            await asyncio.gather(*map(lambda line, body: line.post("/v1/referrals", body), lines, bodies))


async def settled(owner: asyncpg.Connection) -> asyncpg.Record:
    """The backends, once none works any more."""
    for _ in range(500):
        row = await owner.fetchrow(BACKENDS)
        if not row["busy"]:
            return row
        await asyncio.sleep(0.02)
    raise AssertionError("backends are still at work")


async def most_waiting(owner: asyncpg.Connection) -> int:
    """How many backends wait for the lock; a busy machine takes its time to bring them there."""
    most = 0
    for _ in range(25):
        await asyncio.sleep(0.1)
        await owner.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees its first look for ever
        most = max(most, int((await owner.fetchrow(BACKENDS))["waiting"]))
    return most


async def free_connections(service: Service, owner: asyncpg.Connection, key: str) -> int:
    """How many connections the pool can still give at once: those that a lock then keeps waiting."""
    async with wires(service.port, key, POOL * 2) as lines:
        async with owner.transaction():
            await owner.execute("LOCK TABLE credential IN ACCESS EXCLUSIVE MODE")
            asked = [asyncio.create_task(line.get("/v1/referrals?limit=1")) for line in lines]
            waiting = await most_waiting(owner)
        await asyncio.gather(*asked)
    return waiting


async def counted(
    prepared: Prepared, folder: Path, count: Count, clients: int, bug: str | None = None
) -> tuple[int, int, int]:
    """Connections missing from the pool, backends more than before, and bytes grown."""
    key = prepared.schools[0]
    with copied_cluster(prepared.cluster) as server:
        settings = over(prepared.settings, server).model_copy(update={"database_pool_size": POOL})
        owner = await owner_of(server)
        with serving(settings, folder, bug=bug) as service:
            await warm_up(service, key)
            await disappear_often(service, key, min(clients, 500))
            await free_connections(service, owner, key)  # so that the pool is as large as it gets
            base, before = await settled(owner), service.resident_bytes()
            await disappear_often(service, key, clients)
            after = await settled(owner)
            grown = service.resident_bytes() - before
            free = await free_connections(service, owner, key)
        await owner.close()
    count(
        f"{clients} clients gone: {free} of {POOL} connections free, {after['all'] - base['all']:+d} backends"
    )
    count(f"{grown / MEGABYTE:+.1f} MB")
    return POOL - free, after["all"] - base["all"], grown


@pytest.mark.parametrize("clients", [100, pytest.param(10_000, marks=pytest.mark.long)])
async def test_clients_that_disconnect_leave_nothing_behind(
    prepared: Prepared, scratch: Path, count: Count, clients: int
) -> None:
    missing, backends, grown = await counted(prepared, scratch, count, clients)
    assert missing <= 0
    assert backends <= 0
    assert grown < MOST_GROWTH


@pytest.mark.long
async def test_control_a_service_that_keeps_connections_is_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    missing, _, _ = await counted(prepared, scratch, count, 60, bug="leaked_connections")
    assert missing > 0
