"""The most memory that a process and all that it started had resident at one time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

EVERY: Final = 0.2  # seconds
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Peak:
    """The highest sum so far, in bytes; pages that processes share count for each of them."""

    def __init__(self) -> None:
        self.bytes = 0


@contextmanager
def watched(process: int) -> Iterator[Peak]:
    """Looks at a process, its children and theirs a few times a second until the block ends."""
    peak, over = Peak(), Event()

    def look() -> None:
        while not over.wait(EVERY):
            peak.bytes = max(peak.bytes, sum(map(_resident, family(process))))

    looking = Thread(target=look, name="memory")
    looking.start()
    try:
        yield peak
    finally:
        over.set()
        looking.join()


def family(process: int) -> Iterator[int]:
    """A process and all that descend from it, as the kernel lists them; nobody where it has ended."""
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text("ascii").split():
                yield from family(int(child))


def _resident(process: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * _PAGE
    return 0
