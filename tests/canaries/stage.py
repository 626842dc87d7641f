"""What canaries may get out of: a service with its worker, PostgreSQL, a receiver; all that they write."""

import asyncio
import contextlib
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from app.adapters import embedded_postgres
from app.adapters.embedded_postgres import EmbeddedPostgres
from app.config import Settings
from app.resources import open_resources
from app.services.clients import create_client
from tests.canaries.planted import KINDS, WORKER_SAYS
from tests.canaries.sowing import Sent
from tests.canaries.words import Aviary
from tests.faults.postgres import copied_cluster, over, owner_of
from tests.faults.service import ROOT, Service, serving
from tests.faults.stage import Prepared
from tests.unsealed import told_by

ROLES: Final = frozenset({"referrer", "team", "desk", "auditor", "directory_admin", "operator"})
LOOK_SECONDS: Final = 0.2
BYTES: Final = """
SELECT table_name, column_name FROM information_schema.columns
 WHERE table_schema = 'public' AND data_type = 'bytea'
"""
ACTIVITY: Final = "SELECT query FROM pg_stat_activity WHERE application_name = 'verwijsroute'"
# Short waits: each is provoked once.
QUICK: Final = {
    "webhook_allow_loopback": True, "body_timeout_seconds": 0.5, "database_lock_seconds": 0.3,
    "database_statement_seconds": 3.0, "database_pool_size": 8, "quota_requests": 1_000_000,
}  # fmt: skip
_SETTING: Final = re.compile(r"^(log_\w+|timezone)\s*=\s*'?([^'#\s]*)", re.MULTILINE)
# What PostgreSQL logs where nobody set anything.
DEFAULT_LOG: Final[dict[str, str]] = {}
MOST_BYTES, MOST_FAULTS = 2048, 20
INSIDES: Final = re.compile(
    r"\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|Traceback|asyncpg|sqlalchemy|pydantic|Error)\b|\.py\b|/(app|home|tmp|usr|srv)/"
)


def deployed_log() -> dict[str, str]:
    """The settings of the log in `deploy/postgresql.conf`; it goes to a file here."""
    found = dict(_SETTING.findall((ROOT / "deploy" / "postgresql.conf").read_text("utf-8")))
    return {
        name: value for name, value in found.items() if name not in ("log_destination", "logging_collector")
    }


@dataclass
class Stage:
    """A running service. `written` has by place what was written; `answers` how often each status came."""

    service: Service
    server: EmbeddedPostgres
    owner: asyncpg.Connection
    settings: Settings
    keys: list[str]
    aviary: Aviary
    receiver: "Receiver"
    http: httpx.AsyncClient
    ids: dict[str, str] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    problems: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    written: dict[str, set[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def wrote(self, place: str, text: str) -> None:
        """Keeps what was written at a place."""
        self.written.setdefault(place, set()).add(text)

    async def send(self, sent: Sent, key: str | None = None) -> httpx.Response:
        """The answer; a refusal is looked at as something written, as are the headers of every answer."""
        authorization = sent.key or f"Bearer {key or self.keys[0]}"
        headers = {**sent.headers, "Authorization": authorization}
        target = sent.target
        for name, id in self.ids.items():
            target = target.replace(name, id)
        answer = await self.http.request(sent.method, target, headers=headers, content=sent.content)
        self.look_at(sent.operation, answer.status_code, dict(answer.headers), answer.content)
        return answer

    def look_at(self, operation: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Counts an answer, and keeps what must not hold a canary."""
        self.answers[status] += 1
        told = {name: value for name, value in headers.items() if name not in ("location", "link")}
        if status < 400:
            self.taken.add(operation)
            self.wrote("headers of answers", json.dumps(told))
            for one in json.loads(body)["results"] if operation.endswith("/_batch") else ():
                self.wrote("refusals", json.dumps(one["problem"]))
            return
        self.wrote("refusals", json.dumps(dict(headers)) + body.decode("utf-8", "replace"))
        self.faults += (f"{operation} {status}: {fault}" for fault in _faults_of(body))
        if body:
            self.problems.add(json.loads(body).get("type", ""))

    async def get(self, path: str, key: str) -> Any:
        """What a key reads."""
        answer = await self.http.get(path, headers={"Authorization": f"Bearer {key}"})
        answer.raise_for_status()
        return answer.json()

    async def collect(self) -> None:
        """Everything that was written by now, by place."""
        self.wrote("log of service and worker", self.service.log.read_text("utf-8", "replace"))
        self.wrote("log of the database", (self.server.folder / "server.log").read_text("utf-8", "replace"))
        for message in self.receiver.got:
            self.wrote("webhooks", message.decode("utf-8", "replace"))
        for path in ("/metrics", "/healthz/ready", "/healthz/live"):
            self.wrote(path, (await self.http.get(path)).text)
        for key in self.keys:
            cursor = ""
            while (page := await self.get(f"/v1/events?limit=100{cursor}", key))["items"]:
                self.wrote("feed", json.dumps(page))
                cursor = f"&cursor={page['cursor']}"
        for row in await self.owner.fetch("SELECT row_to_json(j)::text AS job FROM worker_job AS j"):
            self.wrote("states of jobs", row["job"])
        for table, column in await self.owner.fetch(BYTES):
            values = await self.owner.fetch(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608
            self.wrote("bytes in the database", told_by(row[0] for row in values).decode("latin-1"))
        for file in self.settings.data_dir.rglob("*"):
            if file.is_file():
                self.wrote("files of the service", file.read_text("latin-1"))

    def found(self) -> dict[str, Counter[str]]:
        """By place the canaries that are there."""
        searched = {place: self.aviary.found_in("\n".join(texts)) for place, texts in self.written.items()}
        return {place: found for place, found in searched.items() if found}


def _faults_of(body: bytes) -> list[str]:
    """What is wrong with the body of a refusal, canaries aside; that of HEAD is empty."""
    told = json.loads(body or b"{}")
    faults = {
        f"{len(body)} bytes": len(body) > MOST_BYTES,
        "too many faults": len(told.get("errors", [])) > MOST_FAULTS,
        f"insides: {INSIDES.search(body.decode())}": bool(INSIDES.search(body.decode())),
    }
    return [fault for fault, there in faults.items() if there]


@dataclass
class Receiver:
    """Takes webhooks on a port of its own, keeps what came, and answers with a canary, well or badly."""

    word: str
    got: list[bytes] = field(default_factory=list)
    port: int = 0

    @asynccontextmanager
    async def up(self) -> AsyncIterator["Receiver"]:
        """It listens until the block ends."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            self.port = server.sockets[0].getsockname()[1]
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head.lower())
            self.got.append(head + await reader.readexactly(int(length[1]) if length else 0))
            status = 500 if len(self.got) % 4 == 1 else 200
            writer.write(f"HTTP/1.1 {status} {self.word}\r\nX-Told: {self.word}\r\n\r\n{self.word}".encode())
            await writer.drain()
        writer.close()


@asynccontextmanager
async def staged(
    prepared: Prepared, folder: Path, log: Mapping[str, str], faults: str = "breaking"
) -> AsyncIterator[Stage]:
    """The service with its worker over a PostgreSQL that logs as said; watched as long as it runs."""
    async with AsyncExitStack() as stack:
        aviary = Aviary()
        server = stack.enter_context(_logging(prepared, log))
        settings = over(prepared.settings, server).model_copy(update=QUICK)
        key = await _key_with_all_roles(settings)
        told = json.dumps({kind: aviary.canary(f"worker {kind}") for kind in KINDS})
        receiver = await stack.enter_async_context(Receiver(aviary.canary("answer of the receiver")).up())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv(WORKER_SAYS, told)
        service = stack.enter_context(_serving(settings, folder, faults))
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{service.port}", timeout=20)
        )
        owner = await owner_of(server)
        stack.push_async_callback(owner.close)
        keys = [key, prepared.keys["municipality 0166"], prepared.keys["operator operator"]]
        stage = Stage(service, server, owner, settings, keys, aviary, receiver, http)
        watching = asyncio.create_task(_watch(stage))
        try:
            yield stage
        finally:
            watching.cancel()


@contextlib.contextmanager
def _logging(prepared: Prepared, log: Mapping[str, str]) -> Any:
    quiet = {name: value for name, value in embedded_postgres.SERVER_OPTIONS.items() if "log_" not in name}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded_postgres, "SERVER_OPTIONS", quiet | dict(log))
        with copied_cluster(prepared.cluster) as server:
            yield server


def _serving(settings: Settings, folder: Path, faults: str) -> Any:
    return serving(settings, folder, bug=faults, planted="tests.canaries.planted")


async def _key_with_all_roles(settings: Settings) -> str:
    async with open_resources(settings) as resources, resources.database.transaction() as connection:
        query = text("SELECT id FROM organisation WHERE kind = 'school' AND code = '00ZZ'")
        school = await connection.scalar(query)
        return await create_client(connection, school, label="all", roles=ROLES, now=datetime.now(UTC))


async def _watch(stage: Stage) -> None:
    """Looks again and again at what the system shows of processes, and the database of statements."""
    watcher = await owner_of(stage.server)
    try:
        while True:
            statements = [row["query"] for row in await watcher.fetch(ACTIVITY)]
            stage.wrote("pg_stat_activity", "\n".join(statements))
            stage.wrote("process list", "\n".join(_processes()))
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        await watcher.close()


def _processes() -> list[str]:
    """The command of every process on this machine, as everybody may read it."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(process.read_bytes().decode("latin-1"))
    return found
