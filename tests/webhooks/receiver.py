"""A receiver of webhooks that keeps every request, and answers as it is told."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import time_machine
from standardwebhooks import Webhook

Json = dict[str, Any]


@dataclass
class Got:
    """One request that arrived whole."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> Json:
        found: Json = json.loads(self.body)
        return found

    def check(self, secret: str) -> None:
        """With the official library, at the time of the message: the clock of a test is its own."""
        with time_machine.travel(int(self.headers["webhook-timestamp"]), tick=False):
            assert Webhook(secret).verify(self.body, self.headers) == self.event


@dataclass
class Receiver:
    """Answers with `statuses` one after the other, the last one from then on; None: closes without a word."""

    statuses: list[int | None] = field(default_factory=lambda: [204])
    headers: dict[str, str] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)
    held: asyncio.Event | None = None
    port: int = 0
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [got.id for got in self.got]

    @property
    def accepted(self) -> list[str]:
        """The ids in the order in which they came first, as a receiver that forgets doubles."""
        return list(dict.fromkeys(self.ids))

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            parted = (line.partition(": ") for line in head[1:-2])
            headers = {name.lower(): value for name, _, value in parted}
            self.got.append(Got(headers, await reader.readexactly(int(headers["content-length"]))))
            if self.held:
                await self.held.wait()
            status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
            if status:
                more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
                writer.write(f"HTTP/1.1 {status} x\r\n{more}\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
