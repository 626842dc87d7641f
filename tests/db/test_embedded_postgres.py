"""The embedded server: durable, silent in its log, reachable by nobody else, shared and stopped in order."""

import stat
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from app.adapters.embedded_postgres import OWNER_ROLE, EmbeddedPostgres, embedded_postgres
from app.config import Settings

SERVICE_ROLE = "verwijsroute_service"
OPEN_AND_SAY = """
import sys, pathlib
from app.adapters.embedded_postgres import embedded_postgres
with embedded_postgres(pathlib.Path(sys.argv[1]), "verwijsroute_service"):
    print("open", flush=True)
    sys.stdin.read()
"""


def is_running(folder: Path) -> bool:
    return (folder / "postmaster.pid").exists()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("listen_addresses", ""),
    ],
)
async def test_the_server_is_durable_and_reached_by_its_socket_alone(
    owner: asyncpg.Connection, setting: str, value: str
) -> None:
    assert await owner.fetchval(f"SHOW {setting}") == value


async def test_the_log_of_the_server_never_holds_a_value(
    server: EmbeddedPostgres, owner: asyncpg.Connection
) -> None:
    with pytest.raises(asyncpg.PostgresError):
        await owner.execute("SELECT 1 FROM nowhere WHERE name = 'canary-4711'")
    with pytest.raises(asyncpg.PostgresError):
        await owner.execute("DO $$ BEGIN RAISE EXCEPTION 'canary-4711' USING DETAIL = 'canary-4711'; END $$")
    log = (server.folder / "server.log").read_text()
    assert "ready to accept connections" in log
    assert "canary" not in log


async def test_the_service_role_may_log_in_and_nothing_more(owner: asyncpg.Connection) -> None:
    role = await owner.fetchrow("SELECT * FROM pg_roles WHERE rolname = $1", SERVICE_ROLE)
    assert role["rolcanlogin"]
    assert not any(role[may] for may in ("rolsuper", "rolbypassrls", "rolcreatedb", "rolcreaterole"))


def test_nobody_else_reaches_the_data_or_the_socket(server: EmbeddedPostgres) -> None:
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700


def test_the_last_process_to_leave_stops_the_server_and_no_other(scratch: Path) -> None:
    folder = scratch / "postgres"
    with subprocess.Popen(
        [sys.executable, "-c", OPEN_AND_SAY, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with embedded_postgres(folder, SERVICE_ROLE):
            pass
        assert is_running(folder)
        other.communicate(b"")
    assert not is_running(folder)


def test_a_process_that_was_killed_does_not_keep_the_server_forever(scratch: Path) -> None:
    folder = scratch / "postgres"
    with subprocess.Popen(
        [sys.executable, "-c", OPEN_AND_SAY, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        other.kill()
    assert is_running(folder)
    with embedded_postgres(folder, SERVICE_ROLE):
        pass
    assert not is_running(folder)


async def test_a_path_too_long_for_a_socket_works_too(scratch: Path, run_settings: Settings) -> None:
    folder = scratch / ("long" * 25)
    folder.mkdir()
    with embedded_postgres(folder / "postgres", run_settings.service_role) as server:
        connection = await asyncpg.connect(server.url(OWNER_ROLE))
        assert await connection.fetchval("SELECT current_database()") == "verwijsroute"
        await connection.close()
