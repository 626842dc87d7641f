"""Asks one address over and over from a process of its own, and how late that process itself is woken.

Run as `python -m tests.faults.pulse PORT PATH`; prints one JSON object when its input ends.
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
from statistics import median
from typing import Final

from tests.faults.service import ROOT

EVERY_SECONDS: Final = 0.01
GOAL_SECONDS: Final = 0.1
PARTS: Final = ("asked_at", "answers", "late", "statuses", "last")


@dataclass(slots=True)
class Pulse:
    """Seconds that each answer took, and by how much each sleep of the measuring process overran.

    `asked_at` is the moment of each by the clock that all processes share.
    """

    asked_at: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    last: str = ""

    def keeps_its_goal(self) -> bool:
        """p99 within 100 ms, beside the delay that the machine gave a process that only slept.

        A busy machine delays the server as it delays this process; what it did to this one is known.
        """
        return bool(self.answers) and self.p99() <= GOAL_SECONDS + _p99(self.late)

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
            late=[self.late[index] for index in kept],
        )

    def p99(self) -> float:
        """The time that 99 of 100 answers stay within, in seconds."""
        return _p99(self.answers)

    def in_words(self) -> str:
        """The figures in milliseconds."""
        took = (median(self.answers), self.p99(), max(self.answers), _p99(self.late))
        p50, p99, most, late = (round(seconds * 1000, 1) for seconds in took)
        return f"{len(self.answers)} asked, p50 {p50}, p99 {p99}, max {most} ms (machine p99 {late} ms)"


def _p99(values: list[float]) -> float:
    return sorted(values)[max(0, int(len(values) * 0.99) - 1)] if values else float("inf")


@asynccontextmanager
async def pulse(port: int, path: str = "/healthz/live") -> AsyncIterator[Pulse]:
    """Measures as long as the block lasts; the figures are there afterwards."""
    measured = Pulse()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.pulse", str(port), path),
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


def main() -> None:
    """Asks until the input ends."""
    ended = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(ended,), daemon=True).start()
    request = f"GET {sys.argv[2]} HTTP/1.1\r\nHost: service\r\nConnection: close\r\n\r\n".encode()
    print("asking", flush=True)
    found = Pulse()
    while not ended.is_set():
        found.asked_at.append(time.monotonic())
        found.last, seconds = ask(int(sys.argv[1]), request)
        found.statuses[found.last] += 1
        found.answers.append(seconds)
        slept_at = time.perf_counter()
        time.sleep(EVERY_SECONDS)
        found.late.append(time.perf_counter() - slept_at - EVERY_SECONDS)
    print(json.dumps({name: getattr(found, name) for name in PARTS}))


def _wait_for_the_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


if __name__ == "__main__":
    main()
