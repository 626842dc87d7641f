"""A PostgreSQL of its own for each fault: copied from a prepared one, killed, frozen, woken."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import asyncpg

from app.adapters.embedded_postgres import OWNER_ROLE, EmbeddedPostgres, embedded_postgres
from app.config import Settings

SERVICE_ROLE: Final = "verwijsroute_service"
DURABLE: Final = {"fsync": "on", "synchronous_commit": "on"}


@contextmanager
def copied_cluster(prepared: Path, place: Path | None = None) -> Iterator[EmbeddedPostgres]:
    """A running, durable copy of a stopped cluster, in a folder of its own that is removed afterwards.

    `place` is an existing folder to use instead, as of a small file system.
    """
    folder = place or Path(tempfile.mkdtemp(prefix="vr-fault-"))
    try:
        subprocess.run(["cp", "-a", str(prepared), str(folder / "postgres")], check=True)
        with embedded_postgres(folder / "postgres", SERVICE_ROLE) as server:
            yield server
    finally:
        if place is None:
            shutil.rmtree(folder)


async def owner_of(server: EmbeddedPostgres) -> asyncpg.Connection:
    """A connection past row-level security, on a server that is durable: nothing else would count."""
    connection = await asyncpg.connect(server.url(OWNER_ROLE))
    for name, wanted in DURABLE.items():
        assert await connection.fetchval(f"SHOW {name}") == wanted, f"{name} is not {wanted}: void"
    return connection


def over(settings: Settings, server: EmbeddedPostgres) -> Settings:
    """The settings, for this server, with a volume beside it: what is anchored of one is not of another."""
    urls = {"database_url": server.url(SERVICE_ROLE), "database_owner_url": server.url(OWNER_ROLE)}
    return settings.model_copy(update={**urls, "trust_dir": server.folder.parent / "trust"})


def postmaster(server: EmbeddedPostgres) -> int:
    """The process id of the server."""
    return int((server.folder / "postmaster.pid").read_text().split()[0])


def family(server: EmbeddedPostgres) -> list[int]:
    """The process ids of the server and its children."""
    parent = postmaster(server)
    return [parent, *map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]


def send(number: signal.Signals, processes: list[int]) -> None:
    """The signal to each; one that is gone by now needs none."""
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            continue


def state_of(process: int) -> str:
    """One letter, as `ps` shows it: T is stopped; empty where there is no such process."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return ""
    found = re.search(r"^State:\s+(\w)", status, re.MULTILINE)
    return found[1] if found else ""


@contextmanager
def hanging(server: EmbeddedPostgres) -> Iterator[list[int]]:
    """Every process of the server stands still until the block ends: SIGSTOP, then SIGCONT."""
    asleep = family(server)
    send(signal.SIGSTOP, asleep)
    try:
        yield asleep
    finally:
        send(signal.SIGCONT, asleep)
