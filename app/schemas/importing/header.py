"""Which column of a file tells which of ours; no column is left out without a word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from app.schemas.importing.columns import BY_NAME, COLUMNS
from app.schemas.importing.mapping import Mapping
from app.schemas.json_body import names_citizen_number

# In every row: what a repetition is known by. The others are required of every request.
REQUIRED: Final = ("sourceReference", *(column.name for column in COLUMNS if column.required))
# No name of a column is longer; of what is, the beginning is looked at.
LONGEST_NAME: Final = 200
_SENTENCES: Final = {
    "citizen_number_refused": "it is named for a BSN or education number: take it out of the file",
    "column.unknown": "not one of the columns, and neither mapped nor ignored",
    "column.missing": "not in the file",
    "column.doubled": "what it tells is told by another column or a constant",
}


@dataclass(frozen=True, slots=True)
class ColumnFault:
    """One fault: its code, the column (its place where the name is not known), a sentence in English."""

    code: str
    column: str
    detail: str


class HeaderFault(ValueError):
    """A file whose columns cannot be run; `code`, `column` and `detail` are those of the first fault.

    What is missing comes first: of a file with other columns than ours most are not known.
    """

    def __init__(self, faults: Sequence[ColumnFault]) -> None:
        super().__init__("; ".join(f"{fault.column}: {fault.detail}" for fault in faults))
        self.faults = tuple(faults)
        self.code, self.column, self.detail = faults[0].code, faults[0].column, faults[0].detail


def columns_told(names: Sequence[str], mapping: Mapping) -> dict[str, int]:
    """Our columns that a file with these names tells, each with the place of its cell; raises HeaderFault."""
    sources, constants = mapping.sources, mapping.constants
    left = {*sources.values(), *mapping.ignored}
    own = {name: name for name in names if name in BY_NAME and name not in left}
    told = {**own, **sources}
    needed = [name for name in REQUIRED if name not in told and name not in constants]
    faults = [
        *(_fault("column.missing", name) for name in [*sources.values(), *needed] if name not in names),
        *(_fault("column.doubled", name) for name in own if name in sources or name in constants),
        *_unknown(names, {*left, *own}, [*sources.values(), *BY_NAME]),
    ]
    if faults:
        raise HeaderFault(faults)
    return {ours: names.index(theirs) for ours, theirs in told.items()}


def _unknown(names: Sequence[str], known: set[str], expected: list[str]) -> Iterator[ColumnFault]:
    """By place: the first row of a file without a header is a person, whose name is not repeated."""
    for place, name in enumerate(names, 1):
        if names_citizen_number(name[:LONGEST_NAME]):
            yield _fault("citizen_number_refused", str(place))
        elif name not in known:
            yield _fault("column.unknown", str(place), _meant(name, expected))


def _meant(name: str, expected: list[str]) -> str:
    near = get_close_matches(name[:LONGEST_NAME], expected, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _fault(code: str, column: str, more: str = "") -> ColumnFault:
    return ColumnFault(code, column, _SENTENCES[code] + more)
