"""Which websites may read the answers (Fetch standard); browsers alone ask for it."""

from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_EXPOSED: Final = "API-Version, Allow, ETag, Link, Location, Retry-After, X-Request-Id"
_METHODS: Final = "DELETE, GET, HEAD, POST, PUT"
_SENDABLE: Final = (
    "Accept, Acting-User, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
    "Traceparent, X-Request-Id"
)
_REMEMBERED_SECONDS: Final = "600"


class Cors:
    """Adds the headers for the origins of an allow-list to every answer, errors included.

    Credentials are never allowed: keys travel in a header that the website's own program sets. The answer
    to a preflight is that to OPTIONS; without these headers a browser goes no further.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and marks its answer."""
        if scope["type"] != "http" or not self._origins:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        asks = scope["method"] == "OPTIONS" and "access-control-request-method" in headers

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._mark(MutableHeaders(raw=message["headers"]), origin, preflight=asks)
            await send(message)

        await self._app(scope, receive, marked)

    def _mark(self, answer: MutableHeaders, origin: str, *, preflight: bool) -> None:
        """An answer that is open to every website stays as it is."""
        if "access-control-allow-origin" in answer:
            return
        answer.add_vary_header("Origin")
        if origin not in self._origins:
            return
        answer["Access-Control-Allow-Origin"] = origin
        answer["Access-Control-Expose-Headers"] = _EXPOSED
        if preflight:
            answer["Access-Control-Allow-Methods"] = _METHODS
            answer["Access-Control-Allow-Headers"] = _SENDABLE
            answer["Access-Control-Max-Age"] = _REMEMBERED_SECONDS
