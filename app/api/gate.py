"""What gets through to the endpoints: answers we can give, bodies that are small and quick enough."""

import asyncio
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import BODY_TIMEOUT, NOT_ACCEPTABLE, TOO_LARGE, problem

# How far a body that is too large is still read, so that the client hears why instead of a broken line.
DRAIN_BYTES: Final = 8 * 1024 * 1024


class Gate:
    """Reads the whole body before any endpoint holds a database connection."""

    def __init__(self, app: ASGIApp, limit_bytes: int, timeout_seconds: float) -> None:
        self._app = app
        self._limit = limit_bytes
        self._timeout = timeout_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 406, 408 or 413, or passes the request on with its body at hand."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not _acceptable(scope["path"], headers.get("accept", "")):
            await problem(NOT_ACCEPTABLE)(scope, receive, send)
        elif "content-length" not in headers and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
        else:
            await self._with_body(scope, receive, send)

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                body = await self._read(receive)
        except TimeoutError:
            await problem(BODY_TIMEOUT)(scope, receive, send)
            return
        if body is None:
            await problem(TOO_LARGE)(scope, receive, send)
            return
        await self._app(scope, _Replay(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The body, or None where it is too large; what a client that went away had sent."""
        kept = bytearray()
        size = 0
        while True:
            message = await receive()
            size += len(message.get("body", b""))
            if size <= self._limit:
                kept += message.get("body", b"")
            if size > self._limit + DRAIN_BYTES or not message.get("more_body", False):
                return bytes(kept) if size <= self._limit else None


class _Replay:
    """Gives the body that was read, once; then whatever the server says next."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._message: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._receive = receive

    async def __call__(self) -> Message:
        message, self._message = self._message, None
        return message or await self._receive()


def _acceptable(path: str, accept: str) -> bool:
    """Whether the header Accept takes what this path answers; pages outside /v1 are not negotiated."""
    if not accept or not path.startswith("/v1/"):
        return True
    offered = "application/yaml" if path.endswith(".yaml") else "application/json"
    for part in accept.lower().split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        if media in ("*/*", "application/*", offered) and "q=0" not in parameters:
            return True
    return False
