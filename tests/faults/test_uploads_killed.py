"""A worker dies amid an import, a server amid an upload: nothing is lost, doubled, or run by halves."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.adapters.embedded_postgres import EmbeddedPostgres
from tests.api.uploads import rows, table, until
from tests.faults.postgres import copied_cluster, over, owner_of
from tests.faults.service import Service, serving
from tests.faults.stage import Count, Prepared

pytestmark = pytest.mark.timeout(300)

ROWS_OF_KILL = 2500
DONE = "SELECT rows_done FROM import"
ENDED = "SELECT finished_at IS NOT NULL FROM import"
MORE = "SELECT rows_done > $1 OR finished_at IS NOT NULL"
STORED = """
SELECT count(*), count(DISTINCT source_reference_index), (SELECT count(*) FROM import_part) FROM referral
"""


async def upload(service: Service, key: str, content: bytes) -> str:
    """Where the import of a file is."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{service.port}", timeout=60) as http:
        return (await http.post("/v1/imports", content=content, headers=headers)).headers["location"]


def is_gone(process: int) -> bool:
    """Whether a process has ended; one that nobody waited for has as well."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def children_of(process: int) -> list[int]:
    """The processes that it started."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@asynccontextmanager
async def looking(server: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    """A connection past row-level security."""
    owner = await owner_of(server)
    try:
        yield owner
    finally:
        await owner.close()


async def kill_worker(service: Service) -> None:
    """The worker dies at once; the processes that decided for it end by themselves."""

    async def started() -> bool:
        return len(service.family()) > 1

    await until(started)  # of the one before rows may have been committed after its death
    (worker,) = service.family()[1:]
    deciding = children_of(worker)
    os.kill(worker, signal.SIGKILL)

    async def ended() -> bool:
        return all(map(is_gone, deciding))

    await until(ended)


async def seconds_until_more(owner: asyncpg.Connection) -> float:
    """How long it takes until more rows are stored, or the import has ended."""
    began, before = time.monotonic(), await owner.fetchval(DONE)
    await until(lambda: owner.fetchval(f"{MORE} FROM import", before))
    return time.monotonic() - began


async def killed_and_gone_on(service: Service, owner: asyncpg.Connection) -> float:
    """Seconds from the death of a worker amid an import until another one stores rows of it."""
    await seconds_until_more(owner)
    await kill_worker(service)
    assert not await owner.fetchval(ENDED), "void: it had ended before the worker died"
    return await seconds_until_more(owner)


@pytest.mark.parametrize("kills", [2, pytest.param(8, marks=pytest.mark.long)])
async def test_an_import_whose_worker_is_killed_is_ended_by_another(
    prepared: Prepared, scratch: Path, count: Count, kills: int
) -> None:
    sent = kills * ROWS_OF_KILL
    with copied_cluster(prepared.cluster) as server:
        settings = over(prepared.settings, server)
        with serving(settings, scratch) as service:
            owner = await owner_of(server)
            await upload(service, prepared.schools[0], table(rows(sent)))
            waited = [await killed_and_gone_on(service, owner) for _ in range(kills)]
            await until(lambda: owner.fetchval(ENDED))
            ended = tuple(await owner.fetchrow("SELECT status, rows_done FROM import"))
            stored = tuple(await owner.fetchrow(STORED))
            await owner.close()
    count(f"{kills} kills; gone on after {', '.join(f'{one:.1f}' for one in waited)} s; stored {stored[0]}")
    assert ended == ("succeeded", sent)
    assert stored == (sent, sent, 0)


async def test_what_a_killed_server_took_in_of_an_upload_is_never_run(
    prepared: Prepared, scratch: Path
) -> None:
    with copied_cluster(prepared.cluster) as server:
        settings = over(prepared.settings, server)
        async with looking(server) as owner:
            with serving(settings, scratch) as service:
                _, writer = await asyncio.open_connection("127.0.0.1", service.port)
                head = (
                    f"POST /v1/imports HTTP/1.1\r\nHost: s\r\nAuthorization: Bearer {prepared.schools[0]}\r\n"
                )
                writer.write(f"{head}Content-Type: text/csv\r\nContent-Length: 9000000\r\n\r\n".encode())
                writer.write(table(rows(15_000))[:2_500_000])
                await until(lambda: owner.fetchval("SELECT count(*) = 2 FROM import_part"))
                os.kill(service.process.pid, signal.SIGKILL)
                service.process.wait()
                writer.close()
            with serving(settings, scratch):
                await asyncio.sleep(3)
                assert await owner.fetchval("SELECT count(*) FROM referral") == 0
                assert await owner.fetchval("SELECT rows_total IS NULL AND received_at IS NULL FROM import")
