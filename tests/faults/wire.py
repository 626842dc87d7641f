"""HTTP by hand over one connection: cheap, timed, and sure of what was received."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

BROKEN = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer, and how long it took from the first byte sent, in seconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


class Wire:
    """A connection that is opened when needed and thrown away when it breaks."""

    def __init__(self, port: int, key: str = "") -> None:
        self._port = port
        self._authorization = f"Authorization: Bearer {key}\r\n" if key else ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
        await asyncio.sleep(0)  # asyncio closes the socket in its next turn

    def close(self) -> None:
        """Lets go of the connection."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def get(self, path: str) -> Answer:
        """Asks; raises what BROKEN lists when the connection breaks."""
        return await self._exchange(f"GET {path} HTTP/1.1\r\nHost: service\r\n{self._authorization}\r\n", b"")

    async def post(self, path: str, body: bytes, headers: str = "") -> Answer:
        """Sends JSON; `headers` are further ones, each line ended. Raises as `get`."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: service\r\n{self._authorization}{headers}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return await self._exchange(head, body)

    async def _exchange(self, head: str, body: bytes) -> Answer:
        began = time.monotonic()
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(head.encode() + body)
            await writer.drain()
            status, headers, received = await _read(reader)
        except BaseException:
            self.close()
            raise
        if headers.get("connection") == "close":
            self.close()
        return Answer(status, headers, received, time.monotonic() - began)


@asynccontextmanager
async def wires(port: int, key: str, number: int) -> AsyncIterator[list[Wire]]:
    """As many connections with the same key."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Wire(port, key)) for _ in range(number)]


async def _read(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines[1:] if line)
    headers = {name.lower(): value for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return int(lines[0].split()[1]), headers, body
