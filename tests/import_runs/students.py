"""Files of students for tests of imports: rows that differ, written as a school would."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

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


def write_csv(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """A file of these rows."""
    path.write_text(as_csv(rows), "utf-8")
    return path


def results_of(path: Path) -> list[dict[str, Any]]:
    """What the results beside a file say of its rows."""
    lines = path.with_name(f"{path.name}.results.ndjson").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]
