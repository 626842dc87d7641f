"""`verwijsroute import` of files as they come: rows that cannot be read alone leave their neighbours be."""

import json
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from app.importing.pool import Producers, open_producers
from app.resources import Resources
from tests.import_runs.students import as_csv, as_workbook, results_of, student, students, write_csv

Verwijsroute = Callable[..., Any]
FOR: Final = ("--organisation", "00ZZ", "--processes", "1")
BODY: Final[dict[str, Any]] = {
    "problemDomains": ["debts"],
    "supportVariant": "own_neighbourhood",
    "homeMunicipality": "0193",
    "student": {"age": 19, "surname": "V", "firstNames": "S"},
    "referrer": {"name": "M"},
}
Faults = list[tuple[str | None, str]]


@pytest.fixture(autouse=True)
def school(verwijsroute: Verwijsroute) -> None:
    made = verwijsroute("clients", "create", "school", "00ZZ", "College Voorbeeld", "--role", "referrer")
    assert made.code == 0, made.err


class Given(NamedTuple):
    """A file of which the first and the last row are well, and what is wrong with each between."""

    content: bytes
    faults: list[Faults]


def ragged() -> Given:
    header, first, short, long, last = as_csv(students(4)).splitlines()
    lines = [header, first, short.rpartition(",")[0], f"{long},more", last]
    return Given("\n".join(lines).encode(), [[(None, "row.cells")], [(None, "row.cells")]])


def json_lines() -> Given:
    whole = [json.dumps({**BODY, "sourceReference": f"sis-{n}"}).encode() for n in range(3)]
    lines = [whole[0], whole[1].replace(b'"V"', b'"\xeb"'), json.dumps(BODY).encode(), whole[2]]
    return Given(b"\n".join(lines), [[(None, "text.encoding")], [("/sourceReference", "required")]])


def sheet() -> Given:
    """The third row is short: its last cells are empty."""
    first, wrong, short, last = students(4)
    del short["referrer.name"]
    content = as_workbook([first, {**wrong, "student.birthDate": "#N/A"}, short, last])
    return Given(content, [[("student.birthDate", "cell.excel_error")], [("referrer.name", "required")]])


@pytest.mark.parametrize("given", [ragged(), json_lines(), sheet()], ids=["csv", "ndjson", "xlsx"])
def test_a_row_that_cannot_be_read_is_invalid_and_its_neighbours_are_stored(
    verwijsroute: Verwijsroute, tmp_path: Path, given: Given
) -> None:
    file = tmp_path / "cohort"
    file.write_bytes(given.content)
    done = verwijsroute("import", str(file), *FOR)
    assert done.code == 1, done.err
    rows = results_of(file)
    assert [bool(one["referralId"]) for one in rows] == [True, False, False, True]
    found = [[(fault["column"], fault["code"]) for fault in one["faults"]] for one in rows]
    assert found == [[], *given.faults, []]
    assert "Idempotency-Key" not in str(rows)


def test_a_file_of_an_old_program_is_read_and_what_it_is_taken_for_is_told(
    verwijsroute: Verwijsroute, tmp_path: Path
) -> None:
    file = tmp_path / "cohort.csv"
    file.write_bytes(as_csv([student(0, **{"student.surname": "Zoë"})], ";").encode("cp1252"))
    done = verwijsroute("import", str(file), *FOR)
    assert (done.code, [one["outcome"] for one in results_of(file)]) == (0, ["stored"])
    assert "cohort.csv: it is not UTF-8 and is read as Windows-1252" in done.err


def test_a_conflict_alone_is_a_fault_of_the_file(verwijsroute: Verwijsroute, tmp_path: Path) -> None:
    rows = [student(0), student(0, **{"student.surname": "Anders"})]
    assert verwijsroute("import", str(write_csv(tmp_path / "cohort.csv", rows)), *FOR).code == 1


def test_the_template_is_a_file_that_is_imported_as_it_is_by_every_processor(
    verwijsroute: Verwijsroute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "template.csv"
    file.write_text(verwijsroute("import", "--template").out, "utf-8")
    asked: list[int] = []

    def opening(resources: Resources, processes: int) -> AbstractAsyncContextManager[Producers]:
        asked.append(processes)
        return open_producers(resources, processes)

    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    monkeypatch.setattr("app.cli.import_going.open_producers", opening)
    done = verwijsroute("import", str(file), "--organisation", "00ZZ")
    assert (done.code, asked) == (0, [3]), done.err
    assert len(results_of(file)) == 1
    assert "Windows-1252" not in done.err
