"""What a command took in from standard input goes on with that command alone, and takes nothing over."""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import pytest

from app.cli.import_asked import Asked
from app.cli.import_input import begin_input
from app.importing.pool import Producers
from app.importing.readable import Readable
from app.importing.run import run_import
from app.resources import Resources
from app.services.clients import client_of_service
from app.services.importing.imports import Import
from app.worker.imports import Importing
from tests.import_runs.running import Running
from tests.import_runs.students import students
from tests.import_runs.test_run import STORED, after

Make = Callable[..., Running]
TypeIn = Callable[[bytes], Awaitable[tuple[Import, Readable]]]


@pytest.fixture
def type_in(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> TypeIn:
    """Begins the import of what comes in on standard input."""
    asked = Asked(Path("-"), "00ZZ", None, False, None, 1, "me")

    async def typed(content: bytes) -> tuple[Import, Readable]:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        async with resources.database.transaction() as connection:
            client = await client_of_service(connection, "school", "00ZZ", frozenset({"referrer"}))
        return await begin_input(resources, asked, client)

    return typed


async def test_what_ctrl_c_stopped_no_worker_goes_on_with_and_the_same_input_does(
    running: Make, type_in: TypeIn, resources: Resources, producers: Producers, owner: asyncpg.Connection
) -> None:
    content, stop = running(students(23)).file.read_bytes(), asyncio.Event()
    begun, readable = await type_in(content)
    own = (begun.organisation_id, begun.id)
    await run_import(resources, producers, *own, readable, stop=stop, tell=after(5, stop.set))
    stored = await owner.fetchval(STORED)
    assert await Importing().run(resources) == 0
    again, _ = await type_in(content)
    assert (again.id, again.rows_done, await owner.fetchval(STORED)) == (begun.id, stored, stored)


async def test_standard_input_leaves_the_stopped_import_of_the_same_file_alone(
    running: Make, type_in: TypeIn
) -> None:
    import_ = running(students(23))
    import_.tell = after(10, import_.stop.set)
    first = await import_.run()
    begun, readable = await type_in(import_.file.read_bytes())
    assert (begun.id == first.id, readable.examined.rows) == (False, 23)
