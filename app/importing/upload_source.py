"""An upload as a source of rows: its sealed parts as one stream of bytes, as often as it is opened."""

import asyncio
import io
from typing import IO, Final

from app.db import Database
from app.services.importing.imports import Import
from app.services.importing.uploads import PART_BYTES, read_part

NAME: Final = "upload"


class ReadingStopped(Exception):
    """Whoever reads was told to stop."""


class UploadSource:
    """The upload of an import. Made in the event loop, read in other threads, which wait for each part.

    From the moment that `stop` is set reading raises ReadingStopped.
    """

    def __init__(self, database: Database, import_: Import, stop: asyncio.Event) -> None:
        self._database = database
        self._import = import_
        self._stop = stop
        self._loop = asyncio.get_running_loop()

    @property
    def name(self) -> str:
        """For messages: what the client called its file is not kept."""
        return NAME

    def open(self) -> IO[bytes]:
        """The bytes from the first one on; every read may raise Unavailable and ReadingStopped."""
        return io.BufferedReader(_Parts(self), PART_BYTES)

    def part(self, number: int) -> bytes:
        """A part as it came, nothing after the last one; called in any thread but that of the loop."""
        if self._stop.is_set():
            raise ReadingStopped
        return asyncio.run_coroutine_threadsafe(self._part(number), self._loop).result()

    async def _part(self, number: int) -> bytes:
        async with self._database.transaction_of(self._import.organisation_id) as connection:
            return await read_part(connection, self._import, number) or b""


class _Parts(io.RawIOBase):
    """Reads part by part; one is in memory at a time."""

    def __init__(self, source: UploadSource) -> None:
        self._source = source
        self._number = 0
        self._part = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a narrower buffer than typeshed's
        """Fills the buffer from one part; 0 at the end."""
        if not self._part:
            self._number += 1
            self._part = memoryview(self._source.part(self._number))
        size = min(len(buffer), len(self._part))
        buffer[:size] = self._part[:size]
        self._part = self._part[size:]
        return size
