"""A disk that is full, and known to be."""

import os
from pathlib import Path

import pytest


def fill(file: Path) -> None:
    """Writes until the disk says that it is full."""
    with file.open("wb", buffering=0) as filler, pytest.raises(OSError, match="No space left"):
        while True:
            filler.write(bytes(65536))
    left = os.statvfs(file).f_bavail
    assert left == 0, f"{left} blocks are free: void"
