"""The servers that are compared, each a process of its own; and how long one takes to its first answer."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep
from typing import Final

from bench.stage import ROOT

SERVE: Final = ("-c", "from app.cli import main; main()", "serve")
FLOOR: Final = ("-m", "bench.floor")
TEMPLATE: Final = ("-m", "bench.template")
START_SECONDS: Final = 60.0
_PAUSE: Final = 0.005


@contextmanager
def serving(
    arguments: Sequence[str], port: int, log: Path, variables: Mapping[str, str] | None = None
) -> Iterator[float]:
    """A server that answers, until the block ends; gives the seconds from its start to the first answer.

    `arguments` are Python's. What it prints goes to the file `log`. Raises RuntimeError where it stops.
    """
    environment = {**os.environ, "PORT": str(port), "PYTHONPATH": str(ROOT), **(variables or {})}
    with log.open("ab") as output:
        started = perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments], env=environment, cwd=ROOT, stdout=output, stderr=output
        )
        try:
            _wait_for_answer(process, port, log)
            yield perf_counter() - started
        finally:
            process.terminate()
            process.wait()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for_answer(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = perf_counter() + START_SECONDS
    while perf_counter() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped: {log.read_text('utf-8', 'replace')[-2000:]}")
        if _answers(port):
            return
        sleep(_PAUSE)
    raise RuntimeError(f"no answer within {START_SECONDS:.0f} seconds")


def _answers(port: int) -> bool:
    """Whether `/healthz/ready` is answered with success; waits as long as the connection stands."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS) as connection:
            connection.sendall(b"GET /healthz/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
