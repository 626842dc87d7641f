"""Malformed HTTP itself, through a real server and raw connections: every class at every operation."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Final

import pytest
import uvicorn
from fastapi import FastAPI

from app.api.connection import Connection
from app.api.openapi import document
from tests.malformed.classes import CANARY
from tests.malformed.operations import Operation, operations_of

SECONDS: Final = 5
NAME: Final = CANARY.encode()
# What comes after the request line and these headers: Host, Authorization, Content-Type.
FRAMES: Final[dict[str, bytes]] = {
    "two lengths": b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "length and chunks": b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length below nothing": b"Content-Length: -1\r\n\r\n",
    "a length of words": b"Content-Length: " + NAME + b"\r\n\r\n",
    "a length over int8": b"Content-Length: 91379137913791379137\r\n\r\n",
    "a chunk of words": b"Transfer-Encoding: chunked\r\n\r\n" + NAME + b"\r\n\r\n",
    "a chunk below nothing": b"Transfer-Encoding: chunked\r\n\r\n-5\r\n" + NAME,
    "an endless chunk size": b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 1000 + b"\r\n",
    "an odd coding": b"Transfer-Encoding: " + NAME + b"\r\n\r\n{}",
    "coded twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "a trailer": b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: " + NAME + b"\r\n\r\n",
    "lines of LF alone": b"X: " + NAME + b"\nY: 1\n\n",
    "a space before the colon": b"X : " + NAME + b"\r\n\r\n",
    "a folded line": b"X: a\r\n " + NAME + b"\r\n\r\n",
    "a NUL in a header": b"X: \x00" + NAME + b"\r\n\r\n",
    "no colon": NAME + b"\r\n\r\n",
    "no name": b": " + NAME + b"\r\n\r\n",
    "a name with a space": NAME + b" x: 1\r\n\r\n",
    "a second host": b"Host: " + NAME + b"\r\n\r\n",
    "an odd expectation": b"Expect: " + NAME + b"\r\nContent-Length: 2\r\n\r\n{}",
    "an upgrade": b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: " + NAME + b"\r\n\r\n",
    "an upgrade to HTTP/2": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n" + NAME,
    "a header of 200 kB": b"X: " + NAME * 20_000 + b"\r\n\r\n",
    "ten thousand headers": b"".join(b"X-%d: 1\r\n" % n for n in range(10_000)) + b"\r\n",
    "more than the length says": b"Content-Length: 2\r\n\r\n{}" + NAME + b"\r\n\r\n",
}
# The request line itself; `%s` is the method, `%t` the target.
LINES: Final[dict[str, bytes]] = {
    "an unknown method": b"BREW %t HTTP/1.1",
    "a method in small letters": b"get %t HTTP/1.1",
    "a method of NUL": b"\x00%s %t HTTP/1.1",
    "a version to come": b"%s %t HTTP/7.3",
    "a version of words": b"%s %t " + NAME,
    "HTTP/2's own start": b"PRI * HTTP/2.0",
    "two spaces": b"%s  %t  HTTP/1.1",
    "no target": b"%s HTTP/1.1",
    "a star": b"OPTIONS * HTTP/1.1",
    "a tunnel": b"CONNECT " + NAME + b".example:443 HTTP/1.1",
    "a target with its host": b"%s http://" + NAME + b".example%t HTTP/1.1",
    "a target of bytes": b"%s %t\xff\xfe" + NAME + b" HTTP/1.1",
    "a target with a fragment": b"%s %t#" + NAME + b" HTTP/1.1",
    "a target of 200 kB": b"%s %t?" + NAME * 20_000 + b" HTTP/1.1",
    "bytes of TLS": b"\x16\x03\x01\x02\x00\x01\x00" + NAME,
    "no HTTP at all": NAME,
}
RIGHT_LINE: Final = b"%s %t HTTP/1.1"
RIGHT_FRAME: Final = b"\r\n"


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    """The port of a server as `verwijsroute serve` configures it."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, lifespan="off", log_level="critical", server_header=False, http=Connection, ws="none"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    yield listener.getsockname()[1]
    server.should_exit = True
    await serving


def request(operation: Operation, line: bytes, frame: bytes, key: str) -> bytes:
    """The bytes of a request."""
    first = line.replace(b"%s", operation.method.encode()).replace(b"%t", operation.target.encode())
    head = f"Host: service\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    return first + b"\r\n" + head.encode() + frame


async def exchange(port: int, sent: bytes) -> tuple[int, bytes, bytes]:
    """Status, head and body of the answer; raises where none came in time or it is none."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(SECONDS):
            writer.write(sent)
            head = await reader.readuntil(b"\r\n\r\n")
            told = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:-2])
            body = (
                b""
                if sent.startswith(b"HEAD")
                else await reader.readexactly(int(told.get(b"content-length", 0)))
            )
            return int(head[9:12]), head.lower(), body
    finally:
        writer.close()


def faults_of(status: int, head: bytes, body: bytes) -> list[str]:
    """What is wrong with an answer."""
    faults = {
        f"{status}": status >= 500,
        "no problem": status >= 400 and b"content-type: application/problem+json" not in head,
        "members": status >= 400 and not {"type", "title", "status"} <= json.loads(body or b"{}").keys(),
        "no security headers": b"x-content-type-options: nosniff" not in head or b"api-version" not in head,
        "more than 2 kB": status >= 400 and len(body) > 2048,
        "an echo": NAME in head + (body if status >= 400 else b""),
    }
    return [fault for fault, found in faults.items() if found]


async def test_no_malformed_framing_breaks_anything(
    port: int, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    operations = operations_of(document(), {})
    frames = {name: (RIGHT_LINE, frame) for name, frame in FRAMES.items()}
    classes = frames | {name: (line, RIGHT_FRAME) for name, line in LINES.items()}
    faults: list[str] = []
    for operation in operations:
        for name, (line, frame) in classes.items():
            try:
                found = faults_of(*await exchange(port, request(operation, line, frame, key)))
            except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
                found = [type(error).__name__]
            faults += (f"{operation.name} [{name}] {fault}" for fault in found)
    logged = capsys.readouterr()
    assert faults == []
    assert CANARY not in (logged.out + logged.err).lower()
    with capsys.disabled():
        count = len(classes) * len(operations)
        print(
            f"\nmalformed framing: {len(classes)} classes x {len(operations)} operations = {count} requests"
        )


def test_an_answer_of_uvicorns_own_is_found_out() -> None:
    head = b"http/1.1 400 bad request\r\ncontent-type: text/plain\r\n\r\n"
    assert faults_of(400, head, b"") == ["no problem", "members", "no security headers"]
    assert "an echo" in faults_of(400, head + NAME, b"")
    assert faults_of(500, head, b"{}")[0] == "500"
