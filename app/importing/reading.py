"""Reads rows beside the event loop, a chunk at a time: a source may block, as on a slow disk or an upload."""

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from typing import Final

from app.adapters.tables import RawRow, read_rows
from app.importing.readable import Readable

ROWS_OF_CHUNK: Final = 300

Rows = tuple[RawRow, ...]


class Chunks:
    """The rows after one, in the order of the file, so many at a time."""

    def __init__(self, readable: Readable, after: int) -> None:
        self._rows: Iterator[RawRow] = read_rows(readable.source, readable.examined, after)
        self._reading: asyncio.Future[Rows] | None = None

    async def next(self) -> Rows:
        """The next rows, none at the end; raises SourceChanged where the file is not what was examined."""
        self._reading = asyncio.ensure_future(asyncio.to_thread(self._take))
        return await asyncio.shield(self._reading)

    async def close(self) -> None:
        """Closes the source, once nothing is being read from it."""
        if self._reading is not None:
            await asyncio.wait([self._reading])
        if isinstance(self._rows, Generator):
            self._rows.close()

    def _take(self) -> Rows:
        return tuple(islice(self._rows, ROWS_OF_CHUNK))


@asynccontextmanager
async def reading(readable: Readable, after: int) -> AsyncIterator[Chunks]:
    """The chunks of what lies after a row, closed with the block."""
    chunks = Chunks(readable, after)
    try:
        yield chunks
    finally:
        await chunks.close()
