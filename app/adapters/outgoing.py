"""The only outgoing HTTP of the project: one POST to an address that somebody else chose."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import httpcore

from app.adapters.denied_networks import is_denied
from app.adapters.lookup import Lookup
from app.adapters.targets import Refused, Target, parse_target

DEADLINE: Final = (
    15.0  # seconds, for all of it: look-up, connection, TLS, sending, and the head of the answer
)
_CONNECT: Final = 4.0  # seconds for one address of a name that has several
_ADDRESSES: Final = 4

Failure = Literal["address", "lookup", "connection", "tls", "deadline", "protocol"]
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: a status, with the text of Retry-After, or else why there was none."""

    status: int | None = None
    retry_after: str | None = None
    failure: Failure | None = None


class Denied(httpcore.ConnectError):
    """Some address of the name is one that is never connected to."""


class NotFound(httpcore.ConnectError):
    """The name has no address, or the look-up failed."""


class _Guard(httpcore.AnyIOBackend):
    """Opens connections: resolves once, checks every address, and connects to what was checked.

    TLS goes on to check the name itself. A name with one denied address among others is refused whole.
    """

    def __init__(self, lookup: Lookup, *, allow_loopback: bool) -> None:
        self._lookup = lookup
        self._allow_loopback = allow_loopback

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the signature is the library's
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address that takes one; raises Denied and NotFound too."""
        try:
            addresses = await self._lookup(host, port)
        except OSError:
            raise NotFound from None
        if any(is_denied(address, allow_loopback=self._allow_loopback) for address in addresses):
            raise Denied
        for address in addresses[:_ADDRESSES]:
            try:
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        raise httpcore.ConnectError if addresses else NotFound

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002  the signature is the library's
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
        socket_options: Iterable[SocketOption] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Never: raises Denied."""
        raise Denied


class Outgoing:
    """Sends requests out. No proxy from the environment, no redirect, no cookie, no body of an answer.

    Connections are not kept: what one receiver does to one is over with it.
    """

    def __init__(
        self,
        *,
        allow_loopback: bool = False,
        deadline: float = DEADLINE,
        lookup: Lookup | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_loopback = allow_loopback
        self._deadline = deadline
        self._backend = _Guard(lookup or Lookup(), allow_loopback=allow_loopback)
        self._tls = tls or ssl.create_default_context()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Sends the body and returns the answer's status; raises nothing for whatever the other side does."""
        try:
            target = parse_target(url, allow_loopback=self._allow_loopback)
            async with asyncio.timeout(self._deadline):
                return await self.post_to(target, headers, body)
        except tuple(kind for kind, _ in _FAILURES) as error:
            return Answer(failure=_failure(error))

    async def post_to(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        """The same to a target that was parsed; raises what httpcore raises."""
        host = f"[{target.host}]" if ":" in target.host else target.host
        sent = {
            "host": host if target.port in (80, 443) else f"{host}:{target.port}",
            "accept-encoding": "identity",
            "connection": "close",
            "content-length": str(len(body)),
            **headers,
        }
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        # The library takes 100 kB of headers at most, and reads nothing of a body that nobody asks for.
        async with (
            httpcore.AsyncConnectionPool(self._tls, network_backend=self._backend, http2=False) as pool,
            pool.stream(
                "POST", url, headers=list(sent.items()), content=body, extensions=_TIMEOUTS
            ) as response,
        ):
            later = next((value for name, value in response.headers if name.lower() == b"retry-after"), None)
            return Answer(response.status, later.decode("latin-1") if later is not None else None)


_TIMEOUTS: Final = {"timeout": {"connect": _CONNECT}}
# The nearest comes first. A ValueError is text that is no text, such as a header that is not Latin.
_FAILURES: Final[tuple[tuple[type[Exception], Failure], ...]] = (
    (Refused, "address"),
    (Denied, "address"),
    (NotFound, "lookup"),
    (TimeoutError, "deadline"),
    (ssl.SSLError, "tls"),
    (httpcore.TimeoutException, "connection"),
    (httpcore.NetworkError, "connection"),
    (OSError, "connection"),
    (httpcore.ProtocolError, "protocol"),
    (ValueError, "protocol"),
)


def _failure(error: Exception) -> Failure:
    """What went wrong, by the error or by what it was raised from: the library names TLS a connection."""
    below: BaseException | None = error
    while below is not None and not isinstance(below, ssl.SSLError):
        below = below.__cause__ or below.__context__
    return "tls" if below else next(failure for kind, failure in _FAILURES if isinstance(error, kind))
