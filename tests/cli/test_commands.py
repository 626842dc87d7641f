"""The commands `serve` and `migrate` as a person types them: what they print and how they exit."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


@pytest.fixture
def environment(scratch: Path) -> dict[str, str]:
    """What a new user has: no settings, and a data folder of their own."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("VERWIJS", "DATABASE_"))
    }
    return kept | {
        "VERWIJSROUTE_DATA_DIR": str(scratch / "data"),
        "PYTHONPATH": str(ROOT),
        "PORT": free_port(),
    }


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_migrate_says_what_is_pending_runs_it_and_then_has_nothing_to_do(environment: dict[str, str]) -> None:
    dry, wet, again = (
        run(environment, "migrate", "--dry-run"),
        run(environment, "migrate"),
        run(environment, "migrate"),
    )
    assert [done.returncode for done in (dry, wet, again)] == [0, 0, 0]
    assert dry.stdout == wet.stdout != ""
    assert again.stdout == "Nothing is pending.\n"


def test_migrate_check_exits_with_one_where_tables_and_models_differ(environment: dict[str, str]) -> None:
    assert run(environment, "migrate", "--check").returncode == 1
    run(environment, "migrate")
    assert run(environment, "migrate", "--check").returncode == 0


def test_serve_refuses_a_database_that_was_not_migrated(environment: dict[str, str]) -> None:
    done = run(environment, "serve")
    assert done.returncode == 2
    assert done.stderr.startswith("verwijsroute: the database is at migration none")
    assert "run `verwijsroute migrate`" in done.stderr


def test_an_unsafe_setting_is_one_line_and_exit_code_two(environment: dict[str, str]) -> None:
    done = run(environment | {"VERWIJSROUTE_ENVIRONMENT": "production"}, "serve")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "DATABASE_URL is missing" in done.stderr


def test_a_port_in_use_is_said_before_anything_else_happens(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(environment["PORT"]))):
        done = run(environment, "serve")
    assert done.returncode == 2
    assert f"cannot listen on http://127.0.0.1:{environment['PORT']}" in done.stderr
    assert not Path(environment["VERWIJSROUTE_DATA_DIR"], "postgres").exists()


def test_an_unknown_command_is_exit_code_two(environment: dict[str, str]) -> None:
    assert run(environment, "surf").returncode == 2


@pytest.fixture
def serving(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running `verwijsroute serve` over a migrated database, and the address that it printed."""
    run(environment, "migrate")
    with subprocess.Popen([*COMMAND, "serve"], env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printed = re.search(r"http://\S+", process.stdout.readline())
        assert printed is not None
        yield process, printed.group()
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_and_stops_in_order_with_its_database(
    serving: tuple[subprocess.Popen[str], str], environment: dict[str, str], number: signal.Signals
) -> None:
    process, address = serving
    with urllib.request.urlopen(f"{address}/healthz/live", timeout=5) as answer:
        assert answer.status == 200
        assert "server" not in answer.headers
    process.send_signal(number)
    assert process.wait(15) == 0
    assert not Path(environment["VERWIJSROUTE_DATA_DIR"], "postgres", "postmaster.pid").exists()
