"""Workers and imports: fair between organisations, one at a time of each, gone on with by another."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from multiprocessing import active_children
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from app.adapters.tables import Examined, Source, examine
from app.config import Settings
from app.errors import Unavailable
from app.importing import readable
from app.importing.uploading import take_in
from app.importing.working import work_off
from app.reference import open_reference
from app.reference.demo import demo_directory
from app.resources import Resources, open_resources
from app.services.clients import Client
from app.services.demo import register_demo
from app.services.importing.course import NewImport
from app.worker import imports
from app.worker.imports import Importing
from tests.api.uploads import rows, table, until, work
from tests.services.conftest import NOW, new_client

Send = Callable[..., Awaitable[UUID]]
NEW = NewImport(digest=None, mapping=None, dry_run=False)
DONE = "SELECT count(*) FROM import WHERE status = 'succeeded'"
ONCE = "SELECT count(DISTINCT source_reference_index) = count(*) AND count(*) = $1 FROM referral"


@pytest.fixture
async def resources(settings: Settings) -> AsyncIterator[Resources]:
    async with open_resources(settings) as opened:
        demo = demo_directory(open_reference().places)
        async with opened.database.transaction() as connection:
            await register_demo(connection, demo, NOW)
        yield opened


@pytest.fixture
async def schools(resources: Resources) -> list[Client]:
    async with resources.database.transaction() as connection:
        return [await new_client(connection, "school", code, "referrer") for code in ("00ZZ", "00ZY", "00ZX")]


@pytest.fixture
def send(resources: Resources) -> Send:
    """Has a school send so many rows."""

    async def sent(school: Client, count: int) -> UUID:
        async with take_in(resources, school, NEW) as upload:
            await upload.take(table(rows(count)))
            return (await upload.end(resources, school)).id

    return sent


@pytest.fixture
async def importing(
    resources: Resources,  # noqa: ARG001  open until then
) -> AsyncIterator[Importing]:
    """A worker that stops in order when the test ends."""
    worker = Importing()
    yield worker
    await worker.finish()


async def status(owner: asyncpg.Connection, id: UUID) -> str:
    return str(await owner.fetchval("SELECT status FROM import WHERE id = $1", id))


async def until_begun(worker: Importing, resources: Resources, owner: asyncpg.Connection, id: UUID) -> None:
    """Lets a worker store the first rows of an import."""

    async def begun() -> bool:
        await worker.run(resources)
        return bool(await owner.fetchval("SELECT rows_done > 0 FROM import WHERE id = $1", id))

    await until(begun)


async def test_a_small_file_does_not_wait_for_a_large_one_of_another_school(
    resources: Resources, schools: list[Client], send: Send, owner: asyncpg.Connection, importing: Importing
) -> None:
    large, small = await send(schools[0], 6000), await send(schools[1], 3)

    async def small_is_done() -> bool:
        await importing.run(resources)
        return await status(owner, small) == "succeeded"

    await until(small_is_done)
    assert await status(owner, large) == "processing"


class TestWithOnePlace:
    @pytest.fixture
    async def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"imports_at_once": 1})

    async def test_a_large_file_gives_way_after_its_turn_and_goes_on_later(
        self, resources: Resources, schools: list[Client], send: Send, owner: asyncpg.Connection
    ) -> None:
        large, small = await send(schools[0], 1500), await send(schools[1], 3)
        await work(resources, Importing(turn=0.2))
        ends = await owner.fetch("SELECT id, status, rows_done FROM import ORDER BY finished_at")
        assert [tuple(row) for row in ends] == [(small, "succeeded", 3), (large, "succeeded", 1500)]
        assert await owner.fetchval(ONCE, 1503)

    async def test_organisations_take_turns(
        self, resources: Resources, schools: list[Client], send: Send, owner: asyncpg.Connection
    ) -> None:
        for count in (3, 4, 5):
            await send(schools[0], count)
        other = await send(schools[1], 3)
        await work(resources)
        ends = await owner.fetch("SELECT id FROM import ORDER BY finished_at")
        assert [row["id"] for row in ends].index(other) == 1

    async def test_a_file_that_takes_longer_than_a_turn_to_be_examined_is_imported(
        self, resources: Resources, schools: list[Client], send: Send, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def examine_slowly(source: Source) -> Examined:
            time.sleep(0.5)
            return examine(source)

        monkeypatch.setattr(readable, "examine", examine_slowly)
        for school in schools[:2]:
            await send(school, 3)
        await work(resources, Importing(turn=0.2))

    async def test_nobody_gives_way_where_nobody_waits(
        self, resources: Resources, schools: list[Client], send: Send, owner: asyncpg.Connection
    ) -> None:
        worker = Importing(turn=0.0)
        large = await send(schools[0], 2000)
        await until_begun(worker, resources, owner, large)
        first = next(iter(worker.under_way))
        await worker.run(resources)
        assert not first.stop.is_set()
        await work(resources, worker)


async def test_of_one_school_one_file_is_worked_off_at_a_time(
    resources: Resources, schools: list[Client], send: Send, owner: asyncpg.Connection, importing: Importing
) -> None:
    first, second = await send(schools[0], 2000), await send(schools[0], 3)
    await until_begun(importing, resources, owner, first)
    assert await status(owner, second) == "pending"
    other = Importing()
    for _ in range(3):
        await other.run(resources)
    assert await status(owner, second) == "pending"
    await other.finish()


async def test_an_import_that_cannot_be_ended_keeps_no_other_of_its_school_waiting(
    resources: Resources,
    schools: list[Client],
    send: Send,
    owner: asyncpg.Connection,
    importing: Importing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stuck, other = await send(schools[0], 2), await send(schools[0], 3)

    async def fail(*told: Any, **more: Any) -> None:
        if stuck in told:
            raise Unavailable
        await work_off(*told, **more)

    monkeypatch.setattr(imports, "work_off", fail)

    async def other_is_done() -> bool:
        with suppress(Unavailable):
            await importing.run(resources)
        return await status(owner, other) == "succeeded"

    await until(other_is_done)


async def test_several_workers_store_every_row_once(
    resources: Resources, schools: list[Client], send: Send, owner: asyncpg.Connection
) -> None:
    for school, count in zip(schools, (90, 60, 30), strict=True):
        await send(school, count)
        await send(school, count + 5)
    await asyncio.gather(*(work(resources) for _ in range(3)))
    await work(resources)
    assert await owner.fetchval(DONE) == 6
    assert await owner.fetchval("SELECT sum(rows_done) FROM import") == 2 * 180 + 15
    assert await owner.fetchval("SELECT count(*) FROM import_row") == 2 * 180 + 15
    by_school = (
        "SELECT count(*), count(DISTINCT source_reference_index) FROM referral GROUP BY organisation_id"
    )
    assert {tuple(row) for row in await owner.fetch(by_school)} == {(95, 95), (65, 65), (35, 35)}


async def test_a_worker_that_stops_leaves_the_rest_to_another(
    resources: Resources, schools: list[Client], send: Send, owner: asyncpg.Connection
) -> None:
    id, worker = await send(schools[0], 1500), Importing()
    await until_begun(worker, resources, owner, id)
    await worker.finish()
    assert await status(owner, id) == "processing"
    assert 0 < await owner.fetchval("SELECT rows_done FROM import") < 1500
    await work(resources)
    assert await status(owner, id) == "succeeded"
    assert await owner.fetchval(ONCE, 1500)


async def test_processes_that_decide_end_when_no_import_comes_and_start_with_the_next(
    resources: Resources, schools: list[Client], send: Send, owner: asyncpg.Connection
) -> None:
    worker, processes = Importing(rest=0.0), [0]

    async def done_and_alone(number: int) -> bool:
        await worker.run(resources)
        processes.append(len(active_children()))
        return await owner.fetchval(DONE) == number and processes[-1] == 0

    for number, school in enumerate(schools[:2], start=1):
        await send(school, 3)
        await until(partial(done_and_alone, number))
        assert max(processes) > 0
        processes.clear()
    await worker.finish()


async def test_what_a_process_that_died_left_of_an_upload_is_removed(
    resources: Resources, schools: list[Client], owner: asyncpg.Connection, importing: Importing
) -> None:
    async with take_in(resources, schools[0], NEW) as upload:
        await upload.take(b"x" * 2_000_000)
        await importing.run(resources)
        assert await owner.fetchval("SELECT count(*) FROM import_part") == 1
        longest = timedelta(seconds=resources.settings.import_upload_seconds, minutes=11)
        await owner.execute("UPDATE import SET created_at = created_at - $1::interval", longest)
        await importing.run(resources)
        assert await owner.fetchval("SELECT count(*) FROM import") == 0
        assert await owner.fetchval("SELECT count(*) FROM import_part") == 0


async def test_one_that_cannot_be_read_keeps_no_other_waiting(
    resources: Resources, schools: list[Client], send: Send, owner: asyncpg.Connection
) -> None:
    broken, sound = await send(schools[0], 5), await send(schools[1], 5)
    await owner.execute(
        "UPDATE import SET wrapped_key = overlay(wrapped_key PLACING '\\x00' FROM 20) WHERE id = $1", broken
    )
    worker, failures = Importing(), 0

    async def sound_is_done() -> bool:
        nonlocal failures
        try:
            await worker.run(resources)
        except InvalidTag:
            failures += 1
        return await status(owner, sound) == "succeeded"

    await until(sound_is_done)
    assert failures == 1
    assert await status(owner, broken) == "pending"
    await worker.finish()
