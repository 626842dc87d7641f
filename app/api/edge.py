"""The outermost layer: headers on every answer, HEAD as GET, a last resort for errors, log line, figures."""

import os
import re
import time
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.adapters.raised import place_of
from app.api.figures import RequestFigures
from app.api.limits import limit_headers
from app.api.problem_kinds import UNEXPECTED
from app.api.problems import problem
from app.deps import NOTE, RequestNote, operation_of

_TRACEPARENT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
DEFAULTS: Final = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
    b"strict-transport-security": b"max-age=31536000",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
}

_log = structlog.get_logger()


class Edge:
    """Wraps the whole application. `version` is the API's, for the header `API-Version`."""

    def __init__(self, app: ASGIApp, version: str, figures: RequestFigures) -> None:
        self._app = app
        self._figures = figures
        self._defaults = {**DEFAULTS, b"api-version": version.encode()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; nothing that goes wrong inside leaves without an answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        note = note_of(Headers(scope=scope))
        method = scope["method"]
        inner: Scope = {**scope, "method": "GET" if method == "HEAD" else method, NOTE: note}
        answer = _Answer(send, self._with_defaults(note), note, bodiless=method == "HEAD")
        try:
            await self._app(inner, receive, answer)
        except Exception as error:  # noqa: BLE001  the last resort: an answer, and a log line without values
            _log.error(
                "request_failed",
                kind=type(error).__name__,
                place=place_of(error),
                request_id=note.request_id,
                trace_id=note.trace_id,
            )
            if not answer.status:
                await problem(UNEXPECTED)(inner, receive, answer)
        finally:
            seconds = time.perf_counter() - started
            line = _line(inner, method, answer.status, seconds, note)
            self._figures.count(line["method"], line["route"], answer.status, seconds)
            _log.info("request", **line)

    def _with_defaults(self, note: RequestNote) -> Mapping[bytes, bytes]:
        return {**self._defaults, b"x-request-id": note.request_id.encode()}


class _Answer:
    """Sends on what the application answers, with the headers that it did not set itself."""

    def __init__(
        self, send: Send, defaults: Mapping[bytes, bytes], note: RequestNote, *, bodiless: bool
    ) -> None:
        self._send = send
        self._defaults = defaults
        self._note = note
        self._bodiless = bodiless
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            present = {name for name, _ in headers}
            headers += [item for item in self._defaults.items() if item[0] not in present]
            headers += limit_headers(self._note.allowance) if self._note.allowance else ()
            message = {**message, "headers": headers}
        elif self._bodiless and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def note_of(headers: Headers) -> RequestNote:
    """The ids of a request: the caller's UUID or trace id, else a new one. Free text is not taken over."""
    trace = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    if trace is None or not int(trace[1], 16) or not int(trace[2], 16):
        return RequestNote(_uuid_of(headers) or os.urandom(16).hex())
    return RequestNote(_uuid_of(headers) or trace[1], trace_id=trace[1], parent_id=trace[2])


def _uuid_of(headers: Headers) -> str | None:
    """The header `X-Request-Id` as 32 hexadecimal digits, None where it is no UUID."""
    try:
        return UUID(headers["x-request-id"][:36]).hex
    except (KeyError, ValueError):
        return None


def _line(scope: Scope, method: str, status: int, seconds: float, note: RequestNote) -> dict[str, Any]:
    """The closed set of what is logged of a request: no path, no query, no header."""
    return {
        "method": method if method in _METHODS else "other",
        "route": _route(scope),
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
        "request_id": note.request_id,
        "trace_id": note.trace_id,
        "parent_id": note.parent_id,
        "organisation_id": note.organisation_id,
    }


def _route(scope: Scope) -> str | None:
    """The template of the route that answered, such as `/v1/referrals/{id}`."""
    return getattr(operation_of(scope), "path", None)
