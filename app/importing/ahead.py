"""Chunks that are produced ahead of the one that is being stored, in the order of the file."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.importing.reading import Chunks, Rows
from app.importing.row import Produced

Produce = Callable[[Rows], Awaitable[list[Produced]]]


class Ahead:
    """At most so many chunks under way; what goes wrong with one is raised when its turn comes."""

    def __init__(self, chunks: Chunks, produce: Produce, most: int) -> None:
        self._chunks, self._produce, self._most = chunks, produce, most
        self._under_way: deque[asyncio.Future[list[Produced]]] = deque()
        self._is_read = False

    async def next(self) -> list[Produced]:
        """The next chunk, none at the end. Others are read and begun first, so that nobody waits for them."""
        while not self._is_read and len(self._under_way) < self._most:
            rows = await self._chunks.next()
            self._is_read = not rows
            if rows:
                self._under_way.append(asyncio.ensure_future(self._produce(rows)))
        return await self._under_way.popleft() if self._under_way else []

    async def drop(self) -> None:
        """Forgets what is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)


@asynccontextmanager
async def ahead(chunks: Chunks, produce: Produce, most: int) -> AsyncIterator[Ahead]:
    """Chunks produced ahead until the block ends."""
    under_way = Ahead(chunks, produce, most)
    try:
        yield under_way
    finally:
        await under_way.drop()
