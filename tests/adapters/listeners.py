"""Listeners on this machine's own addresses that count who connects, and look-ups that answer as told."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
LOOPBACKS = (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6))


@dataclass
class Heard:
    """What listeners on one port saw: connections, and how each request began."""

    port: int
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)


async def says_ok(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads the head and answers 204."""
    writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    await writer.drain()


@asynccontextmanager
async def listening(
    behaviour: Behaviour = says_ok, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Heard]:
    """Listens on the same port of both loopback addresses, as far as this machine has them."""
    heard = Heard(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.connections += 1
        try:
            heard.requests.append(await reader.readuntil(b"\r\n\r\n"))
            await behaviour(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    servers = []
    for address, family in LOOPBACKS:
        try:
            server = await asyncio.start_server(serve, address, heard.port, family=family, ssl=tls)
        except OSError:
            continue
        heard.port = server.sockets[0].getsockname()[1]
        servers.append(server)
    try:
        yield heard
    finally:
        for server in servers:
            server.close()


def answering(*rounds: list[str]) -> Callable[[str, int], list[str]]:
    """A look-up whose first answers are these, one after the other; the last one stays."""
    left = list(rounds)
    return lambda _name, _port: left.pop(0) if len(left) > 1 else left[0]
