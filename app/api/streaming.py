"""A body that is read while it arrives: piece by piece, with a bound on size, pauses and the whole time."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import Message

from app.api.gate import DRAIN_BYTES


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a body may cost: bytes, seconds between two pieces of it, and seconds in all."""

    bytes: int
    pause_seconds: float
    whole_seconds: float


async def pieces(request: Request, bounds: Bounds) -> AsyncIterator[bytes]:
    """The body, as its pieces come in. Raises 413, and 408 where the rest is late or the client has left.

    Of a body that is too large a little more is read, so that the client hears why.
    """
    size, ends = 0, time.monotonic() + bounds.whole_seconds
    while True:
        message = await _next(request, min(bounds.pause_seconds, ends - time.monotonic()))
        piece, more = message.get("body", b""), message.get("more_body", False)
        size += len(piece)
        if size <= bounds.bytes:
            yield piece
        elif size > bounds.bytes + DRAIN_BYTES or not more:
            raise HTTPException(413)
        if not more:
            return


async def _next(request: Request, seconds: float) -> Message:
    try:
        async with asyncio.timeout(seconds):
            message = await request.receive()
    except TimeoutError:
        raise HTTPException(408) from None
    if message["type"] == "http.disconnect":
        raise HTTPException(408)  # nobody hears it
    return message
