"""A cohort as a file that a school hands over, with typing errors and doubles; the same bytes for a seed.

By hand: `python -m bench.cohort 50000 --seed 1 > cohort.csv`.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any, Final, TextIO

from bench.students import choice, referral

Cells = dict[str, str]

# The canonical columns that a cohort fills, of those that `verwijsroute import --template` lists.
COLUMNS: Final = (
    *("sourceReference", "referenceDate", "student.studentNumber", "student.firstNames", "student.surname"),
    *("student.birthDate", "student.postcode", "student.houseNumber", "student.email", "student.phone"),
    *("homeMunicipality", "residence.status", "residence.previousMunicipality", "residence.movedOn"),
    *("residence.stay.kind", "residence.stay.since", "school.brin", "school.location", "problemDomains"),
    *("supportVariant", "circumstances.acuteDanger", "circumstances.threateningSituation"),
    *("circumstances.homeless", "circumstances.youthHelp.type", "circumstances.youthHelp.startedOn"),
    *("circumstances.youthHelp.ongoing", "circumstances.youthHelp.continuationDecided"),
    *("circumstances.criminalMeasure", "circumstances.enrolment", "circumstances.startQualification"),
    *("circumstances.absenceHoursInFourWeeks", "circumstances.needs", "circumstances.pregnant"),
    *("consents.givenBy", "consents.givenOn", "consents.purpose", "consents.recipients", "consents.refused"),
    *("referrer.name", "referrer.role", "referrer.email", "reason"),
)
# What a column of its own says of an object or a list as a whole.
_WHOLE: Final = {"circumstances.youthHelp": "circumstances.youthHelp.type"}
# Shares of all rows: typed wrongly, a double of an earlier row, such a double with another text.
FAULTY, DOUBLED, CHANGED = 0.01, 0.003, 0.0005


def rows(count: int, seed: int) -> Iterator[Cells]:
    """The rows of a cohort, each made by itself: how many there are costs no memory."""
    for number in range(1, count + 1):
        chance = Random(-(seed << 32 | number))  # noqa: S311  no secret
        if number > 1 and chance.random() < DOUBLED:
            yield _again(chance, seed, chance.randrange(1, number))
        else:
            yield typed(seed, number)


def _again(chance: Random, seed: int, number: int) -> Cells:
    cells = typed(seed, number)
    if chance.random() < CHANGED / DOUBLED:
        cells["reason"] += " Graag overleg."
    return cells


def typed(seed: int, number: int) -> Cells:
    """A student's row as somebody typed it."""
    cells: Cells = {}
    _flatten(referral(seed, number), "", cells)
    chance = Random(f"{seed}/{number}")  # noqa: S311  no secret
    return mistyped(chance, choice("faults").of(chance), cells) if chance.random() < FAULTY else cells


def mistyped(chance: Random, fault: str, cells: Cells) -> Cells:
    """The row with one fault of a kind that people make."""
    match fault:
        case "municipality_misspelt":
            return cells | {"homeMunicipality": _letter_less(chance, "Hellendoorn")}
        case "date_day_first":
            return cells | {"student.birthDate": f"{date.fromisoformat(cells['student.birthDate']):%d-%m-%Y}"}
        case "surname_missing":
            return cells | {"student.surname": ""}
        case "domain_unknown":
            return cells | {"problemDomains": f"{cells['problemDomains']}|schulden"}
        case _:
            return cells | {"student.postcode": cells["student.postcode"][:3]}


def _letter_less(chance: Random, name: str) -> str:
    place = chance.randrange(1, len(name))
    return name[:place] + name[place + 1 :]


def _flatten(value: Any, path: str, cells: Cells) -> None:
    """Puts a value into the cells of its columns: lists by `|`, maps as `key=value`, none as `null`."""
    match value:
        case dict() if path.endswith(".needs"):
            cells[path] = "|".join(f"{key}={need}" for key, need in value.items())
        case dict():
            for name, inner in value.items():
                _flatten(inner, f"{path}.{name}" if path else name, cells)
        case [dict(), *_]:
            for name in dict.fromkeys(name for item in value for name in item):
                cells[f"{path}.{name}"] = "|".join(_text(item.get(name, "-")) for item in value)
        case [_, *_]:
            cells[path] = "|".join(value)
        case []:
            pass
        case _:
            cells[_WHOLE.get(path, path)] = _text(value)


def _text(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case list():
            return "+".join(value)
        case _:
            return str(value)


def write(count: int, seed: int, into: TextIO) -> None:
    """Writes a cohort as CSV with a header, one row at a time."""
    writer = csv.DictWriter(into, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(count, seed))


def main() -> None:
    """Writes a cohort to standard output."""
    parser = argparse.ArgumentParser(prog="python -m bench.cohort", description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    write(asked.rows, asked.seed, sys.stdout)


if __name__ == "__main__":
    main()
