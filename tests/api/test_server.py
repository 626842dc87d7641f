"""Through a real server and a raw connection: bodies that are too large, too slow or oddly framed."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from fastapi import FastAPI

HEAD = b"POST /v1/decisions HTTP/1.1\r\nHost: service\r\nContent-Type: application/json\r\n"


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    """The port of a server that serves the application, whose lifespan the fixture `app` already runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical", server_header=False))
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
