"""What commands share: the open resources, and input from a file or standard input."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

from app.config import load_settings
from app.errors import CannotStart
from app.resources import Resources, open_resources

DONE_WITH_FAULTS: Final = 1
T = TypeVar("T")


def with_resources(work: Callable[[Resources], Awaitable[T]]) -> T:
    """What `work` gives, over the configured database; raises CannotStart."""

    async def run() -> T:
        async with open_resources(load_settings()) as resources:
            return await work(resources)

    return asyncio.run(run())


def read_input(file: Path) -> bytes:
    """The content of a file, or of standard input for `-`; raises CannotStart."""
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise CannotStart(f"{file}: {error.strerror}") from None
