"""The load: connections that each send the next request when the last is answered, in one cheap process."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from statistics import quantiles
from time import perf_counter
from typing import Final, cast

from bench.stage import body_around_number

CONNECTIONS: Final = 32
LAST_ANSWER_SECONDS: Final = 30
CREATED: Final = b"201"
_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(slots=True)
class Round:
    """One measurement of one server: seconds that each acknowledged request took, and what failed."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def acknowledged(self) -> int:
        """How many requests were answered with 201."""
        return len(self.latencies)

    @property
    def rate(self) -> float:
        """Acknowledged requests per second."""
        return self.acknowledged / self.seconds

    def percentile(self, percent: int) -> float:
        """The latency that this percentage of the requests stays within, in seconds."""
        return quantiles(self.latencies, n=100)[percent - 1]


class Requests:
    """Prebuilt requests of several keys; each that is taken has a source reference of its own."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        head, tail = body_around_number()
        length = len(head) + 12 + len(tail)
        self._numbers = count(1)
        self._parts = [(_request_head(key, length) + head, tail) for key in cycle_to(CONNECTIONS, keys)]

    def of_connection(self, index: int) -> Iterator[bytes]:
        """The requests of one connection, without end."""
        before, after = self._parts[index]
        for number in self._numbers:
            yield b"%s%012d%s" % (before, number, after)


def cycle_to(length: int, keys: tuple[str, ...]) -> list[str]:
    """The keys over and over, as many as there are connections."""
    return [keys[index % len(keys)] for index in range(length)]


def _request_head(key: str, length: int) -> bytes:
    return (
        f"POST /v1/referrals HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


class Caller(asyncio.Protocol):
    """One connection: sends, waits for the whole answer, sends again until the time is up."""

    def __init__(self, requests: Iterator[bytes], until: float, measured: Round) -> None:
        self.finished = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._until = until
        self._measured = measured
        self._received = b""
        self._expected = 0  # bytes of the whole answer; 0 until its head is there
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Starts with the first request."""
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Collects an answer, which may come in pieces, and sends the next request when it is whole."""
        self._received = self._received + data if self._received else data
        if not self._expected:
            self._expected = answer_length(self._received)
        if not self._expected or len(self._received) < self._expected:
            return
        now = perf_counter()
        if self._received[9:12] == CREATED:
            self._measured.latencies.append(now - self._sent_at)
        else:
            self._measured.errors += 1
        self._received, self._expected = b"", 0
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """A line that breaks before the time is up is an error."""
        if not self.finished.done():
            self._measured.errors += 1
            self.finished.set_result(exc)

    def _send(self) -> None:
        self._sent_at = perf_counter()
        if self._sent_at < self._until:
            self._transport.write(next(self._requests))
        else:
            self.finished.set_result(None)
            self._transport.close()


class PacedCaller(Caller):
    """One connection that sends at set times: who is held up by the one before waits from his own on."""

    def __init__(
        self, requests: Iterator[bytes], until: float, measured: Round, first: float, every: float
    ) -> None:
        super().__init__(requests, until, measured)
        self._due, self._every = first, every

    def _send(self) -> None:
        self._sent_at, self._due = self._due, self._due + self._every
        if self._sent_at < self._until:
            wait = max(0.0, self._sent_at - perf_counter())
            asyncio.get_running_loop().call_later(wait, self._write)
        else:
            self.finished.set_result(None)
            self._transport.close()

    def _write(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(next(self._requests))


def answer_length(received: bytes) -> int:
    """The length of an answer with its head, in bytes; 0 while the head is not complete."""
    end = received.find(_HEAD_END)
    if end < 0:
        return 0
    length = _LENGTH.search(received, 0, end)
    return end + len(_HEAD_END) + (int(length[1]) if length else 0)


async def press(port: int, requests: Requests, seconds: float, connections: int = CONNECTIONS) -> Round:
    """Loads the server on a port of this machine; every request that was sent is waited for."""
    measured, until = Round(), perf_counter() + seconds
    callers = (Caller(requests.of_connection(index), until, measured) for index in range(connections))
    return await _run(port, callers, measured, seconds)


async def pace(port: int, requests: Requests, seconds: float, rate: float, connections: int = 8) -> Round:
    """Sends so many requests a second, at even distances, whatever the server makes of it."""
    measured, started, every = Round(), perf_counter(), connections / rate
    callers = (
        PacedCaller(requests.of_connection(index), started + seconds, measured, started + index / rate, every)
        for index in range(connections)
    )
    return await _run(port, callers, measured, seconds)


async def _run(port: int, callers: Iterable[Caller], measured: Round, seconds: float) -> Round:
    loop, calling, started = asyncio.get_running_loop(), [], perf_counter()
    for caller in callers:
        await loop.create_connection(lambda caller=caller: caller, "127.0.0.1", port)  # type: ignore[misc]
        calling.append(caller.finished)
    async with asyncio.timeout(seconds + LAST_ANSWER_SECONDS):
        await asyncio.gather(*calling)
    measured.seconds = perf_counter() - started
    return measured
