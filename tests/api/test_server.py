"""Through a real server and a raw connection: bodies that are too large, too slow or oddly framed."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from fastapi import FastAPI

from app.api.connection import Connection

HEAD = b"POST /v1/decisions HTTP/1.1\r\nHost: service\r\nContent-Type: application/json\r\n"


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    """The port of a server that serves the application, whose lifespan the fixture `app` already runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_level="critical", server_header=False, http=Connection)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    yield listener.getsockname()[1]
    server.should_exit = True
    await serving


async def exchange(port: int, request: bytes) -> bytes:
    """The head of the answer to these bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), timeout=10)
    writer.close()
    return head


async def test_whoever_sends_too_much_hears_why(port: int) -> None:
    head = await exchange(port, HEAD + b"Content-Length: 2000000\r\n\r\n" + b" " * 2_000_000)
    assert head.startswith(b"HTTP/1.1 413")
    assert b"api-version" in head


async def test_whoever_sends_too_much_in_chunks_hears_why(port: int) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    head = await exchange(port, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 20 + b"0\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413")


async def test_no_key_is_401_even_with_a_body(port: int) -> None:
    head = await exchange(port, HEAD + b"Content-Length: 2\r\n\r\n{}")
    assert head.startswith(b"HTTP/1.1 401")
    assert b"server:" not in head.lower()


NO_HTTP = [
    b"BREW /v1/rules HTTP/1.1\r\nHost: service\r\n\r\n",
    b"GET /v1/rules HTTP/9.9\r\nHost: service\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: service\r\n\r\n",
    b"CONNECT service:443 HTTP/1.1\r\nHost: service\r\n\r\n",
    b"kanarie9137\r\n\r\n",
    HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    HEAD + b"Content-Length: -1\r\n\r\n",
]


@pytest.mark.parametrize("request_", NO_HTTP)
async def test_what_is_no_http_hears_so_in_a_problem(port: int, request_: bytes) -> None:
    head = await exchange(port, request_)
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    for line in (b"content-type: application/problem+json", b"cache-control: no-store", b"api-version: 1."):
        assert line in head.lower()


async def test_a_head_without_end_is_431(port: int) -> None:
    head = await exchange(port, HEAD + b"X: " + b"x" * 200_000)
    assert head.startswith(b"HTTP/1.1 431")


async def test_a_head_that_does_not_come_is_408(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "head_seconds", 0.1)
    assert (await exchange(port, HEAD)).startswith(b"HTTP/1.1 408")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await asyncio.wait_for(reader.read(), timeout=5) == b""
    writer.close()


async def test_a_second_request_has_its_own_clock(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "head_seconds", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(b"HEAD /healthz/live HTTP/1.1\r\nHost: service\r\n\r\n")
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), timeout=5)
        assert head.startswith(b"HTTP/1.1 200")
        await asyncio.sleep(0.2)
    writer.write(b"GET")
    assert (await asyncio.wait_for(reader.read(), timeout=5)).startswith(b"HTTP/1.1 408")
    writer.close()
