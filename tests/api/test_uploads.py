"""What is taken in of an upload, what is refused of one, and that nothing is left of what was refused."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Self

import asyncpg
import pytest
import uvicorn
from fastapi import FastAPI
from httpx import AsyncClient

from app.api.connection import Connection
from app.config import Settings
from app.resources import Resources
from app.services.importing.arriving import MOST_UNFINISHED
from app.services.importing.uploads import PART_BYTES
from tests.api.uploads import rows, send, send_form, table, until, work

MOST = 3 * PART_BYTES
LEFT = "SELECT (SELECT count(*) FROM import), (SELECT count(*) FROM import_part)"
CANARY = "Kanarie9137"


@pytest.fixture
async def settings(settings: Settings) -> Settings:
    short = {"import_max_bytes": MOST, "body_timeout_seconds": 0.5, "import_upload_seconds": 2.0}
    return settings.model_copy(update=short)


async def left(owner: asyncpg.Connection) -> tuple[int, int]:
    """How many imports there are, and how many parts of uploads."""
    return tuple(await owner.fetchrow(LEFT))


async def test_a_file_of_several_parts_is_kept_whole(school: AsyncClient, owner: asyncpg.Connection) -> None:
    content = table(rows(15_000))
    assert 2 * PART_BYTES < len(content) < MOST
    sent = await send(school, content)
    assert (sent.status_code, sent.json()["fileSize"]) == (202, len(content))
    assert await left(owner) == (1, 3)


@pytest.mark.parametrize("known", [True, False])
async def test_what_is_too_large_is_refused_while_it_arrives(
    school: AsyncClient, owner: asyncpg.Connection, known: bool
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    content = b"x" * 4_000_000 if known else pieces()
    refused = await school.post("/v1/imports", content=content, headers={"Content-Type": "text/csv"})
    assert refused.status_code == 413
    assert await left(owner) == (0, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "multipart/mixed; boundary=x"},
        {"Content-Type": "text/csv", "Content-Encoding": "gzip"},
        {"Content-Type": ""},
    ],
)
async def test_another_media_type_is_refused(
    school: AsyncClient, owner: asyncpg.Connection, headers: dict[str, str]
) -> None:
    refused = await school.post("/v1/imports", content=b"a;b\n1;2\n", headers=headers)
    assert refused.status_code == 415
    assert "text/csv" in refused.json()["detail"]
    assert await left(owner) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"dryRun": "ja"}, ("/dryRun", "not_allowed")),
        ({"mapping": "= ="}, ("/mapping", "mapping.toml")),
        ({"mapping": f'[columns]\n"{CANARY} 123" = "x"'}, ("/mapping/columns.?", "mapping.unknown_column")),
        ({"mapping": '[columns]\nreason = {x = "y"}'}, ("/mapping/columns.reason.x", "mapping.unknown_key")),
        (
            {"mapping": f'[constants]\nsupportVariant = "{CANARY}"'},
            ("/mapping/constants.supportVariant", "mapping.value"),
        ),
        ({"other": "x"}, ("/other", "unknown_field")),
    ],
)  # fmt: skip
async def test_a_form_that_asks_something_else_is_refused_before_the_file_is_kept(
    school: AsyncClient, owner: asyncpg.Connection, fields: dict[str, str], fault: tuple[str, str]
) -> None:
    refused = await send_form(school, table(rows(1)), **fields)
    assert refused.status_code == 400
    assert [(one["location"], one["code"]) for one in refused.json()["errors"]] == [fault]
    assert CANARY not in refused.text
    assert await left(owner) == (0, 0)


async def test_a_form_that_ends_too_early_leaves_nothing(
    school: AsyncClient, owner: asyncpg.Connection
) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + b"a" * 2 * PART_BYTES
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    refused = await school.post("/v1/imports", content=form, headers=headers)
    assert [one["code"] for one in refused.json()["errors"]] == ["form.invalid"]
    assert await left(owner) == (0, 0)


async def test_the_same_key_and_file_give_the_same_import(
    school: AsyncClient, resources: Resources, owner: asyncpg.Connection
) -> None:
    key = {"Idempotency_Key": "k-1"}
    first = await send(school, table(rows(1)), **key)
    await work(resources)
    second = await send(school, table(rows(1)), **key)
    assert second.headers["location"] == first.headers["location"]
    assert (second.status_code, second.json()["status"]) == (202, "succeeded")
    for other in (
        await send(school, table(rows(2)), **key),
        await send(school, table(rows(1)), "?dryRun=true", **key),
    ):
        assert other.status_code == 422
    assert await left(owner) == (1, 0)


async def test_the_same_key_at_once_gives_one_import(school: AsyncClient, owner: asyncpg.Connection) -> None:
    sent = await asyncio.gather(*(send(school, table(rows(9)), Idempotency_Key="k-2") for _ in range(5)))
    assert {answer.status_code for answer in sent} == {202}
    assert len({answer.headers["location"] for answer in sent}) == 1
    assert await left(owner) == (1, 1)


async def test_a_file_that_waits_already_is_not_kept_twice(
    school: AsyncClient, owner: asyncpg.Connection
) -> None:
    first, second = await send(school, table(rows(1))), await send(school, table(rows(1)))
    assert first.headers["location"] == second.headers["location"]
    assert await left(owner) == (1, 1)


async def test_an_organisation_has_so_many_unfinished_and_no_more(
    school: AsyncClient, owner: asyncpg.Connection
) -> None:
    for number in range(MOST_UNFINISHED):
        assert (await send(school, table(rows(number + 1)))).status_code == 202
    refused = await send(school, table(rows(99)))
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:problem-type:verwijsroute:too-many")
    assert await left(owner) == (MOST_UNFINISHED, MOST_UNFINISHED)


async def test_nothing_of_a_file_can_be_read_in_the_database(
    school: AsyncClient, resources: Resources, owner: asyncpg.Connection
) -> None:
    mapping = f'ignore = ["{CANARY}"]\n'
    content = table(rows(5, reason=CANARY)).replace(b"sis-", CANARY.encode())
    assert (await send_form(school, content, mapping=mapping)).status_code == 202
    await owner.execute("CHECKPOINT")
    files = resources.settings.data_dir.parent / "postgres"
    kept = [file for file in files.rglob("*") if file.is_file() and CANARY.encode() in file.read_bytes()]
    assert kept == []
    await work(resources)
    assert (await owner.fetchval("SELECT count(*) FROM import_row")) == 5
    await owner.execute("CHECKPOINT")
    kept = [file for file in files.rglob("*") if file.is_file() and CANARY.encode() in file.read_bytes()]
    assert kept == []


@pytest.fixture
async def port(app: FastAPI, settings: Settings) -> AsyncIterator[int]:
    """The port of a server with the application, whose lifespan the fixture `app` already runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    bounds = {"body_seconds": settings.body_timeout_seconds, "stream_seconds": settings.import_upload_seconds}
    config = uvicorn.Config(
        app, lifespan="off", log_level="critical", http=type("Timed", (Connection,), bounds)
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    yield listener.getsockname()[1]
    server.should_exit = True
    await serving


class Sender:
    """A client that sends what it likes of an upload, as slowly as it likes."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._key = key

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)
        head = f"POST /v1/imports HTTP/1.1\r\nHost: service\r\nAuthorization: {self._key}\r\n"
        await self.tell(f"{head}Content-Type: text/csv\r\nContent-Length: {MOST}\r\n\r\n".encode())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def tell(self, piece: bytes) -> None:
        self.writer.write(piece)
        await self.writer.drain()

    async def status(self) -> bytes:
        return (await asyncio.wait_for(self.reader.readuntil(b"\r\n"), 5))[9:12]


async def until_kept(owner: asyncpg.Connection, parts: int) -> None:
    await until(lambda: owner.fetchval("SELECT count(*) = $1 FROM import_part", parts))


async def test_an_upload_that_breaks_off_leaves_nothing(
    school: AsyncClient, owner: asyncpg.Connection, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Sender(port, school.headers["Authorization"]) as sender:
        await sender.tell(b"x" * (PART_BYTES + 1))
        await until_kept(owner, 1)
        assert (await school.get("/v1/imports")).json()["items"] == []
    await until(lambda: owner.fetchval("SELECT NOT EXISTS (SELECT FROM import)"))
    assert await left(owner) == (0, 0)
    assert "request_failed" not in capsys.readouterr().out


async def test_an_upload_that_pauses_is_cut(
    school: AsyncClient, owner: asyncpg.Connection, port: int
) -> None:
    async with Sender(port, school.headers["Authorization"]) as sender:
        await sender.tell(b"x" * (PART_BYTES + 1))
        assert await sender.status() == b"408"
    assert await left(owner) == (0, 0)


async def test_an_upload_that_goes_on_for_ever_is_cut(
    school: AsyncClient, owner: asyncpg.Connection, port: int
) -> None:
    async with Sender(port, school.headers["Authorization"]) as sender:
        status = asyncio.create_task(sender.status())
        while not status.done():
            await sender.tell(b"x")
            await asyncio.sleep(0.1)
        assert await status == b"408"
    assert await left(owner) == (0, 0)


async def test_who_may_not_send_hears_so_and_is_not_listened_to(owner: asyncpg.Connection, port: int) -> None:
    async with Sender(port, "Bearer vr_nobody") as sender:
        assert await sender.status() == b"401"
        with pytest.raises(ConnectionError):
            for _ in range(160):
                await sender.tell(b"x")
                await asyncio.sleep(0.05)
    assert await left(owner) == (0, 0)


async def test_no_connection_is_held_while_an_upload_arrives(
    school: AsyncClient, resources: Resources, owner: asyncpg.Connection, port: int
) -> None:
    async with Sender(port, school.headers["Authorization"]) as sender:
        await sender.tell(b"x" * (PART_BYTES + 1))
        await until_kept(owner, 1)
        assert resources.database.engine.pool.status().endswith("Current Checked out connections: 0")
