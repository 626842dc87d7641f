"""Asks one address over and over from a process of its own, and what the machine added to each answer.

Run as `python -m tests.faults.pulse PORT PATH PROCESS`; prints one JSON object when its input ends.
"""

import asyncio
import json
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Final

from tests.faults.service import ROOT, Service

EVERY_SECONDS: Final = 0.01
GOAL_SECONDS: Final = 0.1
PARTS: Final = ("asked_at", "answers", "waited", "statuses", "last")


@dataclass(slots=True)
class Pulse:
    """Seconds that each answer took, and for how many of them a ready process got no core.

    `asked_at` is the moment of each by the clock that all processes share.
    """

    asked_at: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    last: str = ""

    def keeps_its_goal(self) -> bool:
        """p99 within 100 ms, without the time in which the server was ready to run and got no core.

        The kernel counts that time for each process (schedstat): it is what other work on the machine adds,
        and the same service on cores of its own would not have it.
        """
        own = [took - waited for took, waited in zip(self.answers, self.waited, strict=True)]
        return bool(own) and _p99(own) <= GOAL_SECONDS

    def within(self, windows: Sequence[tuple[float, float]]) -> "Pulse":
        """What was asked between these moments."""
        kept = [
            index
            for index, at in enumerate(self.asked_at)
            if any(begin <= at <= end for begin, end in windows)
        ]
        return replace(
            self,
            asked_at=[self.asked_at[index] for index in kept],
            answers=[self.answers[index] for index in kept],
            waited=[self.waited[index] for index in kept],
        )

    def p99(self) -> float:
        """The time that 99 of 100 answers stay within, in seconds."""
        return _p99(self.answers)

    def in_words(self) -> str:
        """The figures in milliseconds."""
        if not self.answers:
            return "never asked"
        took = (median(self.answers), self.p99(), max(self.answers), _p99(self.waited))
        p50, p99, most, waited = (round(seconds * 1000, 1) for seconds in took)
        return f"{len(self.answers)} asked, p50 {p50}, p99 {p99}, max {most} ms (no core p99 {waited} ms)"


def _p99(values: list[float]) -> float:
    return sorted(values)[max(0, int(len(values) * 0.99) - 1)] if values else float("inf")


@asynccontextmanager
async def pulse(service: Service, path: str = "/healthz/live") -> AsyncIterator[Pulse]:
    """Measures as long as the block lasts; the figures are there afterwards."""
    measured = Pulse()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.pulse", str(service.port), path, str(service.process.pid)),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield measured
    finally:
        printed, _ = await process.communicate(b"")
        found = json.loads(printed)
        for name, value in found.items():
            setattr(measured, name, value)


def ask(port: int, request: bytes) -> tuple[str, float]:
    """Status and seconds of one request on a connection of its own, as a probe does."""
    began = time.perf_counter()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            line.sendall(request)
            status = line.recv(12)[-3:].decode() or "closed"
    except OSError as error:
        status = type(error).__name__
    return status, time.perf_counter() - began


def without_core(process: int | str) -> float:
    """Seconds that a process was ready to run and got no core, since it began; 0 where nobody counts."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def main() -> None:
    """Asks until the input ends."""
    ended = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(ended,), daemon=True).start()
    request = f"GET {sys.argv[2]} HTTP/1.1\r\nHost: service\r\nConnection: close\r\n\r\n".encode()
    print("asking", flush=True)
    found = Pulse()
    while not ended.is_set():
        found.asked_at.append(time.monotonic())
        before = without_core(sys.argv[3])
        found.last, seconds = ask(int(sys.argv[1]), request)
        found.statuses[found.last] += 1
        found.answers.append(seconds)
        found.waited.append(min(seconds, without_core(sys.argv[3]) - before))
        time.sleep(EVERY_SECONDS)
    print(json.dumps({name: getattr(found, name) for name in PARTS}))


def _wait_for_the_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


if __name__ == "__main__":
    main()
