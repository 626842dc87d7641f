"""A database that dies under the open engine: 503 meanwhile, and work again once it is back."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.adapters.embedded_postgres import OWNER_ROLE, EmbeddedPostgres, embedded_postgres, start
from app.config import Settings
from app.db import Database, migrate, open_database
from app.errors import CannotStart, Unavailable

SERVICE_ROLE = "verwijsroute_service"


@pytest.fixture
def fragile(scratch: Path) -> Iterator[EmbeddedPostgres]:
    """A server of this test alone, which may be killed."""
    with embedded_postgres(scratch / "postgres", SERVICE_ROLE) as server:
        yield server


@pytest.fixture
def fragile_settings(fragile: EmbeddedPostgres, run_settings: Settings) -> Settings:
    urls = {"database_url": fragile.url(SERVICE_ROLE), "database_owner_url": fragile.url(OWNER_ROLE)}
    short = {"database_command_seconds": 1.0, "database_connect_seconds": 1.0, "database_pool_size": 2}
    settings = run_settings.model_copy(update=urls | short)
    migrate(settings)
    return settings


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.folder / "postmaster.pid").read_text().split()[0])


def family(server: EmbeddedPostgres) -> list[int]:
    """The server's process and its children."""
    parent = postmaster(server)
    return [parent, *map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]


def send(number: signal.Signals, processes: list[int]) -> None:
    for process in processes:
        os.kill(process, number)


async def one(database: Database) -> int:
    async with database.transaction() as connection:
        return int(await connection.scalar(text("SELECT 1")) or 0)


async def for_ever(database: Database) -> None:
    """Asks again and again: an old connection lives until its process has noticed."""
    while True:
        await one(database)


async def test_after_kill_and_restart_the_same_engine_works_again(
    fragile: EmbeddedPostgres, fragile_settings: Settings
) -> None:
    async with open_database(fragile_settings) as database:
        assert await one(database) == 1
        send(signal.SIGKILL, [postmaster(fragile)])
        with pytest.raises(Unavailable):
            await asyncio.wait_for(for_ever(database), 10)
        start(fragile)
        assert await one(database) == 1


async def test_a_server_killed_in_the_middle_of_a_transaction_is_unavailable(
    fragile: EmbeddedPostgres, fragile_settings: Settings
) -> None:
    async with open_database(fragile_settings) as database:
        with pytest.raises(Unavailable):
            async with database.transaction() as connection:
                send(signal.SIGKILL, family(fragile))
                await connection.execute(text("SELECT 1"))
        start(fragile)
        assert await one(database) == 1


async def test_a_server_that_hangs_is_unavailable_in_time_and_works_when_it_wakes(
    fragile: EmbeddedPostgres, fragile_settings: Settings
) -> None:
    async with open_database(fragile_settings) as database:
        assert await one(database) == 1
        asleep = family(fragile)
        send(signal.SIGSTOP, asleep)
        began = time.monotonic()
        try:
            with pytest.raises(Unavailable):
                await one(database)
        finally:
            send(signal.SIGCONT, asleep)
        assert time.monotonic() - began < 4
        assert await one(database) == 1


async def test_a_service_without_its_database_does_not_start(run_settings: Settings) -> None:
    away = run_settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:9/none"})
    with pytest.raises(CannotStart, match="is it running"):
        async with open_database(away):
            pytest.fail("opened a database that is not there")
