"""`serve` with its worker, and the worker alone, as processes: started, stopped, killed."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.db import open_database
from app.services.job_states import note_failure, note_success
from app.worker import JOBS

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]
GRACE = 3

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(settings: Settings, scratch: Path) -> Iterator[Start]:
    """Starts a command over the run's database; `variables` change its settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VERWIJS", "DATABASE"))}
    environment = kept | {
        "DATABASE_URL": str(settings.database_url),
        "VERWIJSROUTE_DATA_DIR": str(settings.data_dir),
        "VERWIJSROUTE_SHUTDOWN_SECONDS": str(GRACE),
        "PYTHONPATH": str(ROOT),
        "PORT": PORT,
    }
    started: list[subprocess.Popen[bytes]] = []
    with (scratch / "output").open("wb") as output:

        def run(*arguments: str, **variables: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen([*COMMAND, *arguments], env=environment | variables, stdout=output)
            started.append(process)
            return process

        yield run
        for process in started:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


# One port for all: the tests run one after the other, and each ends what it started.
PORT = str(_free_port())
ADDRESS = f"http://127.0.0.1:{PORT}"


def within(seconds: float, reached: Callable[[], Any]) -> Any:
    """What `reached` gives as soon as that is something; fails after so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := reached():
            return found
        time.sleep(0.05)
    return pytest.fail(f"not within {seconds} s: {reached.__name__}")


def readiness() -> tuple[int, dict[str, Any]] | None:
    """Status and body; None where nobody listens."""
    try:
        with urllib.request.urlopen(f"{ADDRESS}/healthz/ready", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)
    except OSError:
        return None


def all_well() -> bool:
    found = readiness()
    return found is not None and found[1]["status"] == "pass"


def child_of(process: subprocess.Popen[bytes]) -> int | None:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0]) if children else None


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_serve_runs_a_worker_that_does_every_job(start: Start) -> None:
    start("serve")
    wanted = {"database", "schema", "keys", "events", *(f"worker:{job.name}" for job in JOBS)}
    within(20, lambda: (found := readiness()) and found[1]["checks"].keys() == wanted)
    assert all_well()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_serve_and_worker_within_the_grace_period(start: Start, number: signal.Signals) -> None:
    serving = start("serve", VERWIJSROUTE_DRAIN_SECONDS="0.2")
    within(20, all_well)
    worker = child_of(serving)
    assert worker is not None
    serving.send_signal(number)
    assert serving.wait(GRACE + 1) == 0
    assert gone(worker)


def test_a_worker_ends_by_itself_when_its_parent_is_killed(start: Start) -> None:
    serving = start("serve")
    within(20, all_well)
    worker = child_of(serving)
    assert worker is not None
    serving.kill()
    serving.wait()
    within(GRACE + 1, lambda: gone(worker))


def test_a_worker_that_is_killed_is_started_again(start: Start) -> None:
    serving = start("serve")
    within(20, all_well)
    first = child_of(serving)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    within(10, lambda: child_of(serving) not in {None, first})


def test_serve_leaves_the_worker_to_others_when_told_so(start: Start) -> None:
    serving = start("serve", "--no-worker")
    _, told = within(20, readiness)
    assert told["checks"]["worker"] == [{"status": "fail", "output": "no worker has run yet"}]
    assert child_of(serving) is None


def test_readiness_is_red_before_the_port_is_closed(start: Start) -> None:
    serving = start("serve", "--no-worker", VERWIJSROUTE_DRAIN_SECONDS="1")
    within(20, readiness)
    serving.send_signal(signal.SIGTERM)
    within(0.5, lambda: (readiness() or [0])[0] == 503)
    with urllib.request.urlopen(f"{ADDRESS}/v1/rules", timeout=5) as answer:
        assert answer.status == 200
    assert serving.wait(GRACE + 2) == 0
    assert readiness() is None


def told_of(verwijsroute: Callable[..., Any]) -> set[str]:
    """The jobs that have run at least once."""
    return {job["name"] for job in json.loads(verwijsroute("worker", "--status", "--json").out)}


def test_a_worker_alone_stops_in_order(start: Start, verwijsroute: Callable[..., Any]) -> None:
    assert verwijsroute("worker", "--status").code == 1
    alone = start("worker")
    within(20, lambda: told_of(verwijsroute) == {job.name for job in JOBS})
    assert verwijsroute("worker", "--status").code == 0
    alone.send_signal(signal.SIGTERM)
    assert alone.wait(GRACE + 1) == 0


def test_the_columns_of_a_status_line_up_in_whole_seconds(
    settings: Settings, verwijsroute: Callable[..., Any]
) -> None:
    now = datetime.now(UTC)

    async def note() -> None:
        async with open_database(settings) as database, database.transaction() as connection:
            await note_success(connection, "one", now=now, due_at=now)
            await note_failure(connection, "another_one", kind="OSError", now=now, due_at=now)

    asyncio.run(note())
    other, one = verwijsroute("worker", "--status").out.splitlines()
    at = now.isoformat(" ", "seconds")
    assert other == f"another_one  1 failure, last OSError  last success never                      due {at}"
    assert one == f"one          well                     last success {at}  due {at}"


def test_a_worker_without_its_database_says_why_and_exits_with_two(start: Start) -> None:
    assert start("worker", DATABASE_URL="postgresql://nobody@127.0.0.1:9/none").wait(20) == 2
