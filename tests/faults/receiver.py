"""A receiver of webhooks as a process of its own, which adds what arrived whole to its own file."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from standardwebhooks import Webhook, WebhookVerificationError

from tests.faults.service import ROOT, free_port

ANSWER_SECONDS: Final = 0.02  # a claim is under way for as long at least
HANGING, ONCE, GONE = "hanging", "hanging-once", "gone"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that arrived whole: to which path, its `webhook-id`, whether it is signed, the rest."""

    to: str
    id: str
    valid: bool
    sequence: int
    type: str
    referral: str | None
    handover: str | None


@dataclass(frozen=True)
class Receiver:
    """Where messages go, and the file that has them.

    At `hanging` nothing is ever answered, at `hanging-once` no message the first time, at `gone` with 410.
    """

    folder: Path
    port: int

    def url(self, path: str) -> str:
        """What a subscription names."""
        return f"http://127.0.0.1:{self.port}/{path}"

    def keep_secret(self, path: str, secret: str) -> None:
        """What messages to a path are checked with."""
        (self.folder / path).write_text(secret)

    def arrivals(self, path: str | None = None) -> list[Arrival]:
        """What arrived so far, in its order; every line, for all paths or one."""
        file = self.folder / "arrived"
        lines = file.read_text().splitlines() if file.exists() else []
        found = [Arrival(**json.loads(line)) for line in lines]
        return [one for one in found if path in (None, one.to)]

    def size(self) -> int:
        """How much arrived so far, in bytes: to see that something more did."""
        file = self.folder / "arrived"
        return file.stat().st_size if file.exists() else 0

    @contextmanager
    def up(self) -> Iterator[None]:
        """It listens until the block ends, and is then killed; what it kept stays."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.receiver", str(self.folder), str(self.port)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"listening\n"
            yield
        finally:
            process.kill()
            process.communicate()


def receiver_in(folder: Path) -> Receiver:
    """A receiver that keeps its file in a new folder below this one; not up yet."""
    own = folder / f"receiver-{time.monotonic_ns()}"
    own.mkdir()
    return Receiver(own, free_port())


async def _serve(folder: Path, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {n.lower(): v for n, _, v in (line.partition(": ") for line in head[1:-2])}
        body = await reader.readexactly(int(headers["content-length"]))  # half a body is none
        path = head[0].split()[1].strip("/")
        first = _keep(folder, path, headers, body)
        hangs = path == HANGING or (path == ONCE and first)
        await asyncio.sleep(3600 if hangs else ANSWER_SECONDS)
        writer.write(f"HTTP/1.1 {410 if path == GONE else 204} x\r\n\r\n".encode())
        await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def _keep(folder: Path, path: str, headers: Mapping[str, str], body: bytes) -> bool:
    """One line in one write: it is there before the sender hears of it, whoever is killed when.

    Whether it is the first with its id at this path.
    """
    event: dict[str, Any] = json.loads(body)
    try:
        Webhook((folder / path).read_text()).verify(body, dict(headers))
        valid = headers["webhook-id"] == event["id"]
    except WebhookVerificationError:
        valid = False
    data = event["data"]
    arrival = {"to": path, "id": headers["webhook-id"], "valid": valid}
    arrival |= {"sequence": int(event.get("sequence", 0)), "type": data["type"]}
    arrival |= {"referral": data.get("referralId"), "handover": data.get("handoverId")}
    known = (folder / "arrived").read_text() if path == ONCE and (folder / "arrived").exists() else ""
    file = os.open(folder / "arrived", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, json.dumps(arrival).encode() + b"\n")
    os.close(file)
    return headers["webhook-id"] not in known


async def _main(folder: Path, port: int) -> None:
    server = await asyncio.start_server(lambda r, w: _serve(folder, r, w), "127.0.0.1", port)
    print("listening", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), int(sys.argv[2])))
