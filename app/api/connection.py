"""A connection before there is a request: bounds head and time, says in problem+json what is no HTTP."""

import asyncio
from http import HTTPStatus
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.api.edge import DEFAULTS
from app.api.gate import is_streamed
from app.api.openapi import VERSION
from app.api.problem_kinds import BODY_TIMEOUT, HEADERS_TOO_LARGE, MALFORMED, Kind
from app.api.problems import problem

# More than any setting lets through: whatever is larger never becomes a request that could be counted.
HEAD_BYTES: Final = 131_072
# A body that is late is answered with 408; this cuts who goes on sending after an answer.
ANSWER_SECONDS: Final = 2.0


class Connection(HttpToolsProtocol):
    """uvicorn's own, which waits for ever and keeps every byte until the head of a request is complete."""

    head_seconds = 10.0
    body_seconds = 10.0
    stream_seconds = 1800.0
    _deadline: asyncio.TimerHandle | None = None
    _in_head = False
    _in_body = False
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """A client connected: the clock runs."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client left, or was sent away."""
        self._stop_clock()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes came in; counted as long as they are the head of a request."""
        super().data_received(data)
        if not self._in_head or self.transport.is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > HEAD_BYTES:
            self._refuse(HEADERS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """The first byte of a request; the clock runs already where it is the connection's first."""
        super().on_message_begin()
        if not self._in_head:
            self._await_head()

    def on_headers_complete(self) -> None:
        """The head is there: the application bounds the body, and this whoever goes on after its answer."""
        self._in_head, self._in_body = False, True
        super().on_headers_complete()
        is_long = is_streamed(self.scope["method"], self.scope["path"])
        seconds = self.stream_seconds if is_long else self.body_seconds
        self._cut_after(seconds + ANSWER_SECONDS)

    def on_message_complete(self) -> None:
        """The whole request is there."""
        self._in_body = False
        self._stop_clock()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Answered; of a long body that nobody reads any more the rest is not waited for as long."""
        if self._in_body and self.cycle.response_complete:
            self._cut_after(min(self.stream_seconds, self.body_seconds + ANSWER_SECONDS))
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's sentence is not ours
        """The bytes are no HTTP, or name a method that nobody knows."""
        self._refuse(MALFORMED)

    def _await_head(self) -> None:
        self._stop_clock()
        self._in_head, self._head_bytes = True, 0
        self._deadline = self.loop.call_later(self.head_seconds, self._time_is_up)

    def _cut_after(self, seconds: float) -> None:
        self._stop_clock()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _stop_clock(self) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = None

    def _time_is_up(self) -> None:
        if self._head_bytes:
            self._refuse(BODY_TIMEOUT)
        else:
            self.transport.close()

    def _refuse(self, kind: Kind) -> None:
        """Writes the answer and closes; no application sees the request."""
        self._stop_clock()
        answer = problem(kind, headers={"API-Version": VERSION, "Connection": "close"})
        headers = dict(answer.raw_headers) | DEFAULTS
        lines = [f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}".encode()]
        lines += [name + b": " + value for name, value in headers.items()]
        self.transport.write(b"\r\n".join(lines) + b"\r\n\r\n" + bytes(answer.body))
        self.transport.close()


def connection_within(head_seconds: float, body_seconds: float, stream_seconds: float) -> type[Connection]:
    """The protocol for `uvicorn.Config`, with how many seconds each part of a request may take to arrive."""
    bounds = {"head_seconds": head_seconds, "body_seconds": body_seconds, "stream_seconds": stream_seconds}
    return type("TimedConnection", (Connection,), bounds)
