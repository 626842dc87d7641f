"""The service under test: `verwijsroute serve` as a process of its own, in its own session."""

import base64
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.config import Settings, variable_of

ROOT: Final = Path(__file__).resolve().parents[2]
START_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Service:
    """A running `serve`: its process, its port, and the file that holds what it printed."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def resident_bytes(self) -> int:
        """The memory that the process holds now (VmRSS)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
        assert found is not None
        return int(found[1]) * 1024

    def family(self) -> list[int]:
        """The process ids of the server and its worker."""
        parent = self.process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [parent, *map(int, children.split())]

    def is_alive(self) -> bool:
        """Whether it is the same process still: a restart in between would hide the fault."""
        return self.process.poll() is None


@contextmanager
def serving(
    settings: Settings,
    folder: Path,
    *,
    bug: str | None = None,
    planted: str = "tests.faults.planted",
    root: Path = ROOT,
    port: int = 0,
) -> Iterator[Service]:
    """The service over a migrated database, until the block ends.

    `bug` names faults planted in it, of the module `planted`, with commas; `root` holds the program, where
    it is not this one; 0 is any free port.
    """
    port, log = port or free_port(), folder / f"serve-{time.monotonic_ns()}.log"
    program = ["-m", planted, bug] if bug else ["-c", "from app.cli import main; main()"]
    environment = environment_of(settings, port, root)
    with log.open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, *program, "serve"],
            env=environment,
            cwd=root,
            stdout=printed,
            stderr=printed,
            start_new_session=True,
        )
        try:
            _wait_until_it_answers(process, port, log)
            yield Service(process, port, log)
        finally:
            _end(process)


def run_command(settings: Settings, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`verwijsroute` with these arguments, of the program in a folder."""
    command = [sys.executable, "-c", "from app.cli import main; main()", *arguments]
    environment = environment_of(settings, 1, root)
    return subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def environment_of(settings: Settings, port: int, root: Path) -> dict[str, str]:
    """The settings as variables, and nothing of the caller's own."""
    ours = {variable_of(field) for field in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    given = {
        variable_of(name): _as_text(value)
        for name, value in values.items()
        if value != Settings.model_fields[name].default
    }
    return kept | given | {"PORT": str(port), "PYTHONPATH": str(root)}


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return ",".join(f"{key_id}:{_as_text(key)}" for key_id, key in value.items())
    return str(value)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, f"serve stopped: {log.read_text('utf-8', 'replace')[-2000:]}"
        if _answers(port):
            return
        time.sleep(0.02)
    raise AssertionError(f"serve did not answer within {START_SECONDS:.0f} seconds")


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS) as line:
            line.sendall(b"GET /healthz/live HTTP/1.1\r\nHost: service\r\nConnection: close\r\n\r\n")
            return line.recv(12).endswith(b"200")
    except OSError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM to the group, then SIGKILL to what is left of it."""
    groups: Sequence[signal.Signals] = (signal.SIGTERM, signal.SIGKILL)
    for number in groups:
        try:
            os.killpg(process.pid, number)
            process.wait(20)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()
