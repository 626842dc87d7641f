"""Files from which the reference can be renewed: which layout one has, and what its rows tell."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from app.adapters.tables import TableFault
from app.reference import cells
from app.reference.columns import checked, is_whole, note_twice, places_of_columns
from app.reference.delimited import Delimited, Faults, Progress, open_delimited
from app.reference.official import read_addresses, read_areas, read_codes, steps_of_column
from app.reference.source_kinds import OwnTable, Source

LAYOUTS: Final = (
    "a CBS StatLine table Gebieden in Nederland, a RvIG table 33, a CBS pc6hnr file, "
    "or a table of `reference export`"
)


def read_source(path: Path, faults: Faults, progress: Progress) -> Source | None:
    """What a file tells; None where it has faults, which are then in `faults`. Raises OSError."""
    try:
        with open_delimited(path, lambda header: _reader_of(header) is not None, progress) as table:
            source = (_reader_of(table.header) or _read_nothing)(table, path.name, faults)
    except TableFault as reason:
        faults.add(reason.row, None, reason.detail)
    return None if faults.count else source


Reader = Callable[[Delimited, str, Faults], Source]


def _reader_of(header: Sequence[str]) -> Reader | None:
    names = list(header)
    if any(name.startswith("92.10") for name in names):
        return read_codes
    if "PC6" in (name.upper() for name in names):
        return read_addresses
    if any(step[-2:] == ["gemeenten", "code"] for step in map(steps_of_column, names)):
        return read_areas
    return _read_own if any(set(names) == set(columns) for columns in cells.OWN.values()) else None


def _read_nothing(table: Delimited, file: str, faults: Faults) -> Source:
    """Notes why nothing can be made of a header."""
    faults.add(1, None, _why_unknown(table.header))
    return OwnTable(file=file, name="", rows=[], lines=[])


def _why_unknown(header: Sequence[str]) -> str:
    if "RegioS" in header or "Measure" in header:
        return (
            "these columns do not say which region they hold, and their numbers differ from year to year: "
            "take the CSV of the table itself from StatLine, with the names of its columns"
        )
    near = max(cells.OWN, key=lambda name: len(set(cells.OWN[name]) & set(header)) / len(cells.OWN[name]))
    if len(set(cells.OWN[near]) & set(header)) * 2 < len(cells.OWN[near]):
        return f"the header is not that of {LAYOUTS}"
    missing = [column for column in cells.OWN[near] if column not in header]
    extra = [str(place) for place, column in enumerate(header, 1) if column not in cells.OWN[near]]
    told = f"missing: {', '.join(missing)}" if missing else f"not known: column {', '.join(extra)}"
    return f"the header is nearly that of our table {near}; {told}"


def _read_own(table: Delimited, file: str, faults: Faults) -> OwnTable:
    name = next(name for name, columns in cells.OWN.items() if set(columns) == set(table.header))
    found = {c: [n for n, h in enumerate(table.header) if h == c] for c in cells.OWN[name]}
    places, own, seen = (
        places_of_columns(found, faults),
        OwnTable(file=file, name=name, rows=[], lines=[]),
        dict[str, int](),
    )
    for line, row in table.rows if places else ():
        if not is_whole(table, row, line, faults):
            continue
        values = {
            column: checked(row[places[column]], check, line, column, faults)
            for column, check in cells.OWN[name].items()
        }
        key = cells.KEYS[name]
        note_twice(seen, "|".join(values[column] for column in key), line, key[-1], faults)
        own.rows.append(values)
        own.lines.append(line)
    return own
