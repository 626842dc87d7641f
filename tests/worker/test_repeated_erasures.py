"""What the ledger says was erased is erased, also in a database that does not know of it any more."""

from typing import Any
from uuid import UUID

import pytest

from app.adapters.erasure_ledger import FILE, LedgerBroken
from app.errors import CannotStart
from app.resources import open_resources
from app.services.erasing import erase_referral
from app.worker import erasures
from tests.worker.conftest import Course


class Lost(Exception):
    """The database forgets what was done: it crashed, or an older backup was put back."""


async def erase_and_lose(course: Course) -> UUID:
    """A referral that the ledger says is erased, and the database that it is whole."""
    id = UUID((await course.refer())["id"])
    held = course.resources
    with pytest.raises(Lost):
        async with held.database.transaction() as connection:
            assert await erase_referral(connection, held.ledger, id, course.clock.now(), "request")
            raise Lost
    assert not await is_erased(course, id)
    return id


async def is_erased(course: Course, id: UUID) -> bool:
    row = await course.owner.fetchrow("SELECT erased_at, wrapped_key FROM referral WHERE id = $1", id)
    return row["erased_at"] is not None and row["wrapped_key"] is None


async def test_the_worker_erases_it_again_at_the_moment_of_then(course: Course) -> None:
    id = await erase_and_lose(course)
    then = course.clock.now()
    course.on(3)
    assert await erasures.JOB.run(course.resources) == 1
    assert await course.owner.fetchval("SELECT erased_at FROM referral WHERE id = $1", id) == then
    assert await is_erased(course, id)


async def test_a_process_erases_it_again_before_it_works(course: Course, settings: Any) -> None:
    id = await erase_and_lose(course)
    async with open_resources(settings, clock=course.clock):
        assert await is_erased(course, id)


async def test_what_was_done_is_not_read_again(course: Course) -> None:
    await erase_and_lose(course)
    await erasures.JOB.run(course.resources)
    assert await erasures.JOB.run(course.resources) == 0


async def test_others_stay(course: Course) -> None:
    other = UUID((await course.refer())["id"])
    await erase_and_lose(course)
    await erasures.JOB.run(course.resources)
    assert not await is_erased(course, other)


async def test_a_changed_ledger_erases_nobody_and_stops_the_start(course: Course, settings: Any) -> None:
    whole = UUID((await course.refer())["id"])
    erased = await erase_and_lose(course)
    file = settings.data_dir / "trust" / FILE
    file.write_bytes(file.read_bytes().replace(str(erased).encode(), str(whole).encode()))
    with pytest.raises(LedgerBroken):
        await erasures.JOB.run(course.resources)
    assert not await is_erased(course, whole)
    with pytest.raises(CannotStart, match="ledger of erasures"):
        async with open_resources(settings, clock=course.clock):
            pass


async def test_a_ledger_that_is_gone_stops_the_start(course: Course, settings: Any) -> None:
    await erase_and_lose(course)
    await erasures.JOB.run(course.resources)
    (settings.data_dir / "trust" / FILE).unlink()
    with pytest.raises(CannotStart):
        async with open_resources(settings, clock=course.clock):
            pass
