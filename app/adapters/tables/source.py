"""Where rows come from: bytes that can be opened again and again, and that tell when they changed."""

import io
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from app.adapters.tables.faults import SourceChanged, TableFault


class Source(Protocol):
    """A file, or what was uploaded; each opening begins at its first byte."""

    @property
    def name(self) -> str:
        """What it is called in a message."""
        ...

    def open(self) -> IO[bytes]:
        """The bytes from the first; raises TableFault where there are none to be had."""
        ...


@dataclass(frozen=True, slots=True)
class BytesSource:
    """What is in memory already."""

    content: bytes
    name: str = "file"

    def open(self) -> IO[bytes]:
        """The bytes from the first."""
        return io.BytesIO(self.content)


@dataclass(slots=True)
class FileSource:
    """A file on disk, which must stay as it was at its first opening."""

    path: Path
    _first: tuple[int, ...] | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        """The name of the file without its folder."""
        return self.path.name

    def open(self) -> IO[bytes]:
        """The bytes from the first; reading them raises SourceChanged as soon as the file is another.

        Raises TableFault for a folder, and for what is missing, may not be read or is no file.
        """
        try:
            self._check_kind()
            opened = io.BufferedReader(_Watched(self))
        except OSError as error:
            raise _unreadable(error) from None
        if self._first is None:
            self._first = _identity(os.fstat(opened.fileno()))
        return opened

    def changed(self) -> bool:
        """Whether the path leads to another file than at the first opening, or to one written since."""
        try:
            return self._first is not None and _identity(self.path.stat()) != self._first
        except OSError:
            return True

    def _check_kind(self) -> None:
        mode = self.path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise TableFault("file.directory", "this is a folder, not a file")
        if not stat.S_ISREG(mode):
            # A pipe or a device can be read once, and a file is read twice.
            raise TableFault("file.not_regular", "this is no file on disk: give standard input as -")


class _Watched(io.FileIO):
    """A file whose every read is followed by a look at whether it is still the same."""

    def __init__(self, source: FileSource) -> None:
        super().__init__(source.path, "rb")
        self._source = source

    def readinto(self, buffer: Any, /) -> int | None:
        try:
            count = super().readinto(buffer)
        except OSError as error:
            raise _unreadable(error) from None
        if self._source.changed():
            raise SourceChanged
        return count


def _identity(found: os.stat_result) -> tuple[int, ...]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _unreadable(error: OSError) -> TableFault:
    if isinstance(error, FileNotFoundError):
        return TableFault("file.missing", "there is no such file")
    return TableFault("file.unreadable", f"the file cannot be read: {os.strerror(error.errno or 0)}")
