"""The most memory that a process and all that it started had resident at one time."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

EVERY: Final = 1.0  # seconds; a look takes some milliseconds
_SHARE: Final = re.compile(r"^Pss: +(\d+) kB$", re.MULTILINE)


class Peak:
    """The highest sum so far, in bytes; a page that several processes share counts once."""

    def __init__(self) -> None:
        self.bytes = 0


@contextmanager
def watched(process: int) -> Iterator[Peak]:
    """Looks at a process, its children and theirs once a second until the block ends."""
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
    """Its resident memory in bytes, of each page the part that is its own; 0 where it has ended."""
    with suppress(OSError):
        found = _SHARE.search(Path(f"/proc/{process}/smaps_rollup").read_text("ascii"))
        return int(found[1]) * 1024 if found else 0
    return 0
