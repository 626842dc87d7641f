"""Whatever a receiver does, one attempt ends in time, takes no memory, and goes nowhere else (G20)."""

import asyncio
import gzip
import itertools
import ssl
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.adapters.clock import SystemClock
from app.adapters.outgoing import Answer, Outgoing
from tests.adapters.listeners import Behaviour, Heard, listening

SHORT = 0.5
MAY_GROW = 5_000_000
BOMB = gzip.compress(bytes(50_000_000))
OK = b"HTTP/1.1 200 OK\r\n"


def says(*parts: bytes, every: float = 0, forever: bool = False) -> Behaviour:
    """Sends parts one after the other, and then ends or keeps silent."""

    async def behaviour(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(every)
        if forever:
            await asyncio.sleep(60)

    return behaviour


def repeats(first: bytes, again: bytes, every: float = 0) -> Behaviour:
    """Sends the first part, and another one without end."""

    async def behaviour(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        for _number in itertools.count():
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(every)

    return behaviour


# What it does, and what the attempt tells of it.
HOSTILE: dict[str, tuple[Behaviour, Answer]] = {
    "redirects": (says(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n"), Answer(302)),
    "answers garbage": (says(b"\x00\xff\x16 garbage\r\n\r\n"), Answer(failure="protocol")),
    "answers half a head": (says(OK), Answer(failure="protocol")),
    "says nothing": (says(forever=True), Answer(failure="deadline")),
    "closes at once": (says(), Answer(failure="protocol")),
    "drips its head": (repeats(OK, b"a: b\r\n", 0.05), Answer(failure="deadline")),
    "drips its body": (repeats(OK + b"\r\n", b"x", 0.05), Answer(200)),
    "never ends its body": (repeats(OK + b"\r\n", b"x" * 65_536), Answer(200)),
    "never closes": (says(OK + b"Content-Length: 5\r\n\r\n", forever=True), Answer(200)),
    "floods with headers": (repeats(OK, b"x-flood: " + b"y" * 1_000 + b"\r\n"), Answer(failure="protocol")),
    "sends one endless header": (repeats(OK + b"x: ", b"y" * 65_536), Answer(failure="protocol")),
    "never stops saying 103": (
        repeats(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.001),
        Answer(failure="deadline"),
    ),
    "sends a bomb": (says(OK + b"Content-Encoding: gzip\r\n\r\n" + BOMB), Answer(200)),
    "lies about its length": (says(OK + b"Content-Length: -1\r\n\r\n"), Answer(failure="protocol")),
    "speaks of 999": (says(b"HTTP/1.1 999 ?\r\n\r\n"), Answer(999)),
    "switches the protocol": (says(b"HTTP/1.1 101 ?\r\nUpgrade: x\r\n\r\n"), Answer(failure="protocol")),
    "is busy": (says(b"HTTP/1.1 503 ?\r\nRetry-After: \xff7\r\n\r\n"), Answer(503, "ÿ7")),
}


def memory() -> int:
    """What this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


@pytest.mark.parametrize(("behaviour", "told"), HOSTILE.values(), ids=HOSTILE)
async def test_an_attempt_ends_in_time_and_tells_the_status_at_most(
    behaviour: Behaviour, told: Answer
) -> None:
    async with listening(behaviour) as heard:
        outgoing = Outgoing(allow_loopback=True, deadline=SHORT)
        started = time.monotonic()
        answer = await outgoing.post(f"http://127.0.0.1:{heard.port}/", {}, b"{}")
        assert (answer, heard.connections) == (told, 1)
        assert time.monotonic() - started < SHORT + 0.5


async def test_a_hundred_attempts_at_hostile_receivers_take_no_memory() -> None:
    outgoing = Outgoing(allow_loopback=True, deadline=0.1)
    for name in ("never ends its body", "sends a bomb", "floods with headers", "sends one endless header"):
        async with listening(HOSTILE[name][0]) as heard:
            url = f"http://127.0.0.1:{heard.port}/"
            await outgoing.post(url, {}, b"{}")
            before = memory()
            for _ in range(25):
                await outgoing.post(url, {}, b"{}")
            assert memory() - before < MAY_GROW, name


async def test_a_receiver_that_reads_nothing_is_left_in_time() -> None:
    async with listening(says(forever=True)) as heard:
        outgoing = Outgoing(allow_loopback=True, deadline=SHORT)
        body = bytes(20_000_000)
        answer = await outgoing.post(f"http://127.0.0.1:{heard.port}/", {}, body)
        assert answer == Answer(failure="deadline")


async def test_no_packed_answer_is_asked_for_and_no_credential_goes_along() -> None:
    async with listening() as heard:
        outgoing = Outgoing(allow_loopback=True)
        assert await outgoing.post(
            f"http://localhost:{heard.port}/a", {"content-type": "text/x"}, b"{}"
        ) == Answer(204)
    head = heard.requests[0].decode().lower().split("\r\n")
    assert head[0] == "post /a http/1.1"
    assert set(filter(None, head[1:])) == {
        *(f"host: localhost:{heard.port}", "accept-encoding: identity", "connection: close"),
        *("content-length: 2", "content-type: text/x"),
    }


@pytest.fixture
async def https(tmp_path: Path) -> AsyncIterator[tuple[Heard, ssl.SSLContext]]:
    """A listener with a certificate for `localhost`, and what trusts it."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    today = SystemClock().now().replace(hour=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today)
        .not_valid_after(today.replace(year=today.year + 1, day=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "both.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    async with listening(tls=serving) as heard:
        yield heard, ssl.create_default_context(cafile=str(pem))


async def test_tls_checks_the_name_and_not_the_address_that_was_found(
    https: tuple[Heard, ssl.SSLContext],
) -> None:
    heard, trusting = https
    outgoing = Outgoing(allow_loopback=True, tls=trusting)
    assert await outgoing.post(f"https://localhost:{heard.port}/", {}, b"") == Answer(204)
    assert await outgoing.post(f"https://127.0.0.1:{heard.port}/", {}, b"") == Answer(failure="tls")


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    https: tuple[Heard, ssl.SSLContext],
) -> None:
    heard, _ = https
    outgoing = Outgoing(allow_loopback=True)
    assert await outgoing.post(f"https://localhost:{heard.port}/", {}, b"") == Answer(failure="tls")
    assert heard.requests == []
