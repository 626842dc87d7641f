"""Files of students for tests of imports: rows that differ, written as a school would."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from string import ascii_uppercase
from typing import Any, Final

from tests.tables.workbooks import DAY, cell, row, text, workbook

HOMES: Final = ("0193", "0166", "Zwolle", "Kampen", "0363")
DOMAINS: Final = ("mental_health", "debts", "debts|housing", "absence_dropout", "learning|work_participation")
CONSENT: Final = {
    "consents.givenBy": "student",
    "consents.givenOn": "2026-05-13",
    "consents.purpose": "referral",
    "consents.recipients": "all",
}
Row = dict[str, str]


def student(number: int, **cells: str) -> Row:
    """A valid row; each number gives another."""
    return {
        "sourceReference": f"sis-{number:06}",
        "student.firstNames": "Sanne",
        "student.surname": f"Voorbeeld {number}",
        "student.birthDate": f"{2003 + number % 7}-{1 + number % 12:02}-{1 + number % 28:02}",
        "homeMunicipality": HOMES[number % len(HOMES)],
        "school.brin": "00ZZ",
        "school.coreMunicipality": "0193",
        "problemDomains": DOMAINS[number % len(DOMAINS)],
        "supportVariant": "own_neighbourhood",
        "circumstances.youthHelp.type": "null",
        **dict.fromkeys(CONSENT, ""),
        **(CONSENT if number % 3 else {}),
        "referrer.name": "M. Voorbeeld",
        **cells,
    }


def students(many: int) -> list[Row]:
    """So many of them."""
    return [student(number) for number in range(many)]


def as_csv(rows: Iterable[Mapping[str, str]], delimiter: str = ",") -> str:
    """The rows with a header; columns are those of the first."""
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_workbook(rows: Iterable[Mapping[str, str]]) -> bytes:
    """The rows as Excel keeps them: a birth date is a number that is shown as a day, #N/A an error."""
    rows = list(rows)
    table = [dict(zip(rows[0], rows[0], strict=True)), *rows]
    return workbook("".join(row(*_cells(number, told)) for number, told in enumerate(table, 1)))


def _cells(number: int, told: Mapping[str, str]) -> Iterator[str]:
    for letter, (name, value) in zip(ascii_uppercase, told.items(), strict=False):
        place = f"{letter}{number}"
        if value == "#N/A":
            yield cell(place, value, 't="e"')
        elif name == "student.birthDate" and number > 1:
            yield cell(place, str((date.fromisoformat(value) - date(1899, 12, 30)).days), DAY)
        elif value:
            yield text(place, value)


def write_csv(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """A file of these rows."""
    path.write_text(as_csv(rows), "utf-8")
    return path


def results_of(path: Path) -> list[dict[str, Any]]:
    """What the results beside a file say of its rows."""
    lines = path.with_name(f"{path.name}.results.ndjson").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]
