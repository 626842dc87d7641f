"""A run goes on where it was stopped, waits for its database, and tells of every row once."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

import asyncpg
import pytest

from app.adapters.clock import SystemClock
from app.adapters.tables import SourceChanged
from app.errors import ImportBusy, Unavailable
from app.importing.told import Progress
from app.resources import Resources
from app.services.directories import adopt_setting
from app.services.importing.course import cancel_import
from tests.import_runs.running import Running
from tests.import_runs.students import student, students

Make = Callable[..., Running]
STORED: Final = "SELECT count(*) FROM referral"
DECIDED: Final = """
SELECT i.number, d.directory_edition, d.read_for FROM decision d
  JOIN import_row i ON i.referral_id = d.referral_id ORDER BY i.number
"""


def after(done: int, act: Callable[[], object]) -> Callable[[Progress], None]:
    """Does something once so many rows are done."""
    acted: list[object] = []

    def tell(progress: Progress) -> None:
        if progress.done >= done and not acted:
            acted.append(act())

    return tell


async def test_a_run_that_is_stopped_goes_on_there_and_tells_of_every_row_once(
    running: Make, owner: asyncpg.Connection
) -> None:
    rows = [*students(23), student(3), student(4, **{"student.surname": "Anders"}), student(50, **BAD)]
    halves = running(rows)
    halves.tell = after(10, halves.stop.set)
    first = await halves.run()
    assert (first.status, first.rows_done, halves.kept.is_complete) == ("processing", 10, False)
    second = await halves.run()
    assert (second.id, second.status, second.rows_done) == (first.id, "succeeded", 26)
    assert halves.kept.is_complete
    assert [row[0] for row in halves.kept.told()] == list(range(2, 28))
    assert halves.kept.told()[-3:] == [
        (25, "sis-000003", "already_stored", 5),
        (26, "sis-000004", "conflict", 6),
        (27, "sis-000050", "invalid", None),
    ]
    assert await owner.fetchval(STORED) == 23


LOOKED: Final = "SELECT activity, count(*) FROM access_log GROUP BY activity ORDER BY activity"


async def test_whoever_is_shown_which_referrals_were_there_stands_in_the_access_log(
    running: Make, owner: asyncpg.Connection
) -> None:
    await running(students(7)).run()
    assert [tuple(row) for row in await owner.fetch(LOOKED)] == [("import_referrals", 7)]
    again = running([*students(9), student(2)])
    await again.run()
    assert [row[2] for row in again.kept.told()] == ["already_stored"] * 7 + ["stored"] * 2 + [
        "already_stored"
    ]
    looks = [("import_referrals", 9), ("list_import_rows", 7)]
    assert [tuple(row) for row in await owner.fetch(LOOKED)] == looks


BAD: Final = {"student.birthDate": "morgen", "problemDomains": "geen"}


async def test_every_fault_of_a_row_stands_at_its_column(running: Make) -> None:
    import_ = running([student(0), student(1, **BAD)])
    await import_.run()
    (row,) = (row for row in import_.kept.rows if row.outcome == "invalid")
    assert row.reference == "sis-000001"
    assert {(fault.column, fault.code) for fault in row.faults} == {
        ("student.birthDate", "date.format"),
        ("problemDomains", "not_allowed"),
    }


async def test_a_dry_run_says_what_the_run_then_does(running: Make, owner: asyncpg.Connection) -> None:
    rows = [*students(12), student(3), student(4, **{"student.surname": "Anders"}), student(13, **BAD)]
    dry = running(rows, dry_run=True)
    assert (await dry.run()).status == "succeeded"
    assert await owner.fetchval(STORED) == 0
    real = running(rows)
    await real.run()
    assert dry.kept.told() == real.kept.told()
    assert await owner.fetchval(STORED) == 12


async def test_only_one_process_works_off_an_import(running: Make) -> None:
    import_, other = (running(students(12)) for _ in range(2))
    await import_.begin()
    outcomes = await asyncio.gather(import_.run(), other.run(), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [ImportBusy]
    assert [row[2] for row in (*import_.kept.told(), *other.kept.told())] == ["stored"] * 12


async def test_a_database_that_does_not_answer_is_waited_for(
    running: Make, owner: asyncpg.Connection
) -> None:
    import_, waiting = running(students(12)), asyncio.Event()
    import_.tell = lambda progress: waiting.set() if progress.waiting else None
    begun = await import_.begin()
    async with owner.transaction():
        await owner.execute("SELECT FROM import WHERE id = $1 FOR UPDATE", begun.id)
        going = asyncio.ensure_future(import_.run())
        await waiting.wait()
    assert (await going).status == "succeeded"
    assert len(import_.kept.told()) == await owner.fetchval(STORED) == 12


async def test_a_database_that_stays_away_ends_the_run_and_not_the_import(
    running: Make, resources: Resources, owner: asyncpg.Connection
) -> None:
    resources.settings = resources.settings.model_copy(update={"import_wait_seconds": 0})
    import_ = running(students(3))
    begun = await import_.begin()
    async with owner.transaction():
        await owner.execute("SELECT FROM import WHERE id = $1 FOR UPDATE", begun.id)
        with pytest.raises(Unavailable):
            await import_.run()
    assert (await import_.run()).id == begun.id


async def test_a_file_that_changes_while_it_is_read_stops_the_import(
    running: Make, owner: asyncpg.Connection
) -> None:
    import_ = running(students(60))
    more = "sis-x,\n"
    import_.tell = after(5, lambda: import_.file.write_text(import_.file.read_text() + more))
    with pytest.raises(SourceChanged):
        await import_.run()
    ended = await owner.fetchrow("SELECT status, rows_done, faults FROM import")
    assert (ended["status"], ended["rows_done"]) == ("failed", await owner.fetchval(STORED))
    assert "file.changed" in ended["faults"]


async def test_a_cancelled_import_ends_and_keeps_what_is_stored(
    running: Make, resources: Resources, owner: asyncpg.Connection
) -> None:
    import_ = running(students(60))
    begun = await import_.begin()

    async def cancel() -> None:
        async with resources.database.session() as session:
            await session.begin("organisation", begun.organisation_id)
            now = resources.clock.now()
            await cancel_import(session.connection, begun.organisation_id, resources.keyring, begun.id, now)

    import_.tell = after(5, lambda: asyncio.ensure_future(cancel()))
    ended = await import_.run()
    assert (ended.status, ended.rows_done) == ("cancelled", await owner.fetchval(STORED))
    assert ended.rows_done < 60


class Tomorrow(SystemClock):
    """The clock, with midnight when a test wants it."""

    days = 0

    def today(self) -> date:
        return super().today() + timedelta(days=self.days)

    def now(self) -> datetime:
        return super().now() + timedelta(days=self.days)


async def test_each_chunk_is_decided_with_the_day_and_the_edition_of_its_moment(
    running: Make, resources: Resources, owner: asyncpg.Connection
) -> None:
    clock = Tomorrow()
    resources.clock = clock
    import_ = running(students(60))
    before = (await resources_edition(resources), clock.today())

    async def change() -> None:
        async with resources.database.transaction() as connection:
            await adopt_setting(connection, 11, clock.now())

    def midnight() -> object:
        clock.days = 1
        return asyncio.ensure_future(change())

    import_.tell = after(5, midnight)
    await import_.run()
    decided = [(row["directory_edition"], row["read_for"]) for row in await owner.fetch(DECIDED)]
    assert decided[0] == before
    assert decided[-1] == (before[0] + 1, before[1] + timedelta(days=1))
    assert decided == sorted(decided)


async def resources_edition(resources: Resources) -> int:
    async with resources.database.transaction() as connection:
        return (await resources.newest_edition(connection)).directory.edition
