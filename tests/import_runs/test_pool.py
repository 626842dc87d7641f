"""The processes that produce: they decide as this one would, die without loss, and name what went wrong."""

import asyncio
import os
import signal
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import pytest

from app.adapters.tables import RawRow
from app.errors import ProducersDie, RowFailed
from app.importing.pool import Producers
from app.importing.process import Moment
from app.importing.producing import Job
from app.services.clients import Client
from app.services.importing.rows import Draft, Rejected
from app.services.references import Edition, bare_edition
from tests.import_runs.students import students

COLUMNS: Final = tuple(students(1)[0])
CLIENT: Final = Client(None, UUID(int=1), "school", "00ZZ", frozenset({"referrer"}), None, 0)
JOB: Final = Job(UUID(int=2), CLIENT, COLUMNS, None)
ROWS: Final = [RawRow(number, tuple(row.values()), None, None) for number, row in enumerate(students(20), 2)]


NOW: Final = Moment(date(2026, 11, 22), datetime(2026, 11, 22, 12, tzinfo=UTC))


class Deadly:
    """Ends the process that receives it."""

    def __reduce__(self) -> Any:
        return os._exit, (1,)


@pytest.fixture
def edition() -> Edition:
    return bare_edition()


def process_of(producers: Producers) -> int:
    (producer,) = producers._all
    assert producer._executor is not None
    (process,) = producer._executor._processes
    return process


async def test_rows_are_decided_in_another_process_and_come_back_in_order(
    producers: Producers, edition: Edition
) -> None:
    wrong = replace_cell(ROWS[3], "student.birthDate", "morgen")
    done = await producers.produce(JOB, [*ROWS[:3], wrong, *ROWS[4:]], edition, NOW)
    assert [row.number for row in done] == [row.number for row in ROWS]
    assert [type(row) for row in done] == [Draft] * 3 + [Rejected] + [Draft] * 16
    assert process_of(producers) != os.getpid()


def replace_cell(row: RawRow, column: str, value: str) -> RawRow:
    cells = dict(zip(COLUMNS, row.cells, strict=True)) | {column: value}
    return row._replace(cells=tuple(cells.values()))


async def test_a_row_that_is_wrong_as_a_whole_keeps_its_reference_unless_its_cells_may_have_moved(
    producers: Producers, edition: Edition
) -> None:
    wrong = [
        ROWS[0]._replace(fault="cell.formula"),
        ROWS[1]._replace(fault="row.cells", cells=ROWS[1].cells[1:]),
    ]
    done = await producers.produce(JOB, wrong, edition, NOW)
    assert [row.reference for row in done] == ["sis-000000", None]


async def test_an_edition_that_is_newer_is_told_before_the_rows(
    producers: Producers, edition: Edition
) -> None:
    newer = Edition(replace(edition.directory, edition=77), edition.reference)
    for of in (edition, newer, edition):
        (draft,) = await producers.produce(JOB, ROWS[:1], of, NOW)
        assert isinstance(draft, Draft)
        assert draft.decision["directory_edition"] == of.directory.edition


async def test_rows_of_a_process_that_dies_are_done_again_by_another(
    producers: Producers, edition: Edition
) -> None:
    await producers.produce(JOB, ROWS[:1], edition, NOW)
    first = process_of(producers)
    os.kill(first, signal.SIGSTOP)
    waiting = asyncio.ensure_future(producers.produce(JOB, ROWS, edition, NOW))
    await asyncio.sleep(0.1)
    os.kill(first, signal.SIGKILL)
    assert len(await waiting) == len(ROWS)
    assert process_of(producers) != first


async def test_rows_that_every_process_dies_of_are_named(producers: Producers, edition: Edition) -> None:
    deadly: Any = Deadly()
    rows = [ROWS[0]._replace(fault=deadly), ROWS[5]]
    with pytest.raises(ProducersDie, match="rows 2 to 7"):
        await producers.produce(JOB, rows, edition, NOW)
    assert len(await producers.produce(JOB, ROWS, edition, NOW)) == len(ROWS)


async def test_a_row_at_which_the_program_fails_is_named_without_a_value(
    producers: Producers, edition: Edition
) -> None:
    cells: Any = ("a secret", None)
    broken = ROWS[1]._replace(cells=cells)
    with pytest.raises(RowFailed, match=r"^row 3: the program failed \(\w+ at \w+\.py:\d+\)$"):
        await producers.produce(JOB, [ROWS[0], broken], edition, NOW)
