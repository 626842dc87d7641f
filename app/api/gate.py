"""What gets through to the endpoints: addresses, headers and bodies that are small and quick enough."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.accept import is_acceptable
from app.api.problem_kinds import (
    BODY_TIMEOUT,
    HEADERS_TOO_LARGE,
    NOT_ACCEPTABLE,
    TARGET_TOO_LONG,
    TOO_LARGE,
    Kind,
)
from app.api.problems import problem

# More than RFC 9112 (3) asks of everyone to take; no address of ours comes near.
TARGET_BYTES: Final = 8192
MOST_HEADERS: Final = 100
# How far a body that is too large is still read, so that the client hears why instead of a broken line.
DRAIN_BYTES: Final = 8 * 1024 * 1024
# Whose bodies are taken in by their endpoint while they arrive, within bounds of its own (`streaming.py`).
_STREAMED: Final = frozenset({("POST", "/v1/imports")})


def is_streamed(method: str, path: str) -> bool:
    """Whether the body of this request may be larger than memory should hold."""
    return (method, path) in _STREAMED


class Gate:
    """Reads the whole body before any endpoint holds a database connection, save one that is streamed."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        header_limit_bytes: int,
        body_limit_bytes: int,
        body_timeout_seconds: float,
        larger: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """`larger` holds the limits of paths that take larger bodies, in bytes."""
        self._app = app
        self._header_limit = header_limit_bytes
        self._limit = body_limit_bytes
        self._larger = larger
        self._timeout = body_timeout_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 406, 408, 413, 414 or 431, or passes the request on with its body at hand."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refused(scope, headers)
        if refused:
            await problem(refused)(scope, receive, send)
        elif is_streamed(scope["method"], scope["path"]) or not _has_body(headers):
            await self._app(scope, receive, send)
        else:
            await self._with_body(scope, receive, send)

    def _refused(self, scope: Scope, headers: Headers) -> Kind | None:
        """What is wrong with address or headers; httptools bounds neither."""
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > TARGET_BYTES:
            return TARGET_TOO_LONG
        size = sum(len(name) + len(value) for name, value in scope["headers"])
        if len(scope["headers"]) > MOST_HEADERS or size > self._header_limit:
            return HEADERS_TOO_LARGE
        return None if is_acceptable(scope["path"], headers.getlist("accept")) else NOT_ACCEPTABLE

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                body = await self._read(receive, self._larger.get(scope["path"], self._limit))
        except TimeoutError:
            await problem(BODY_TIMEOUT)(scope, receive, send)
            return
        if body is None:
            await problem(TOO_LARGE)(scope, receive, send)
            return
        await self._app(scope, _Replay(body, receive), send)

    async def _read(self, receive: Receive, limit: int) -> bytes | None:
        """The body, or None where it is too large; what a client that went away had sent."""
        kept = bytearray()
        size = 0
        while True:
            message = await receive()
            size += len(message.get("body", b""))
            if size <= limit:
                kept += message.get("body", b"")
            if size > limit + DRAIN_BYTES or not message.get("more_body", False):
                return bytes(kept) if size <= limit else None


def _has_body(headers: Headers) -> bool:
    return "content-length" in headers or "transfer-encoding" in headers


class _Replay:
    """Gives the body that was read, once; then whatever the server says next."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._message: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._receive = receive

    async def __call__(self) -> Message:
        message, self._message = self._message, None
        return message or await self._receive()
