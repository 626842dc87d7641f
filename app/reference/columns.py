"""Where the columns of a file stand, and what is wrong with a row of it."""

from collections.abc import Mapping, Sequence

from app.reference.cells import Check
from app.reference.delimited import Delimited, Faults

Places = Mapping[str, int]  # column -> its place in a row


def places_of_columns(wanted: Mapping[str, Sequence[int]], faults: Faults) -> Places:
    """Where each wanted column stands; nothing, and noted, where one is missing or there twice."""
    for column, found in wanted.items():
        if len(found) != 1:
            faults.add(1, column, "this column is missing" if not found else "this column is there twice")
    return {} if faults.count else {column: found[0] for column, found in wanted.items()}


def is_whole(table: Delimited, row: list[str], line: int, faults: Faults) -> bool:
    """Whether a row has a value for each column; notes it where not."""
    if len(row) == len(table.header):
        return True
    faults.add(line, None, f"{len(row)} values under a header of {len(table.header)}")
    return False


def checked(value: str, check: Check, line: int, column: str, faults: Faults) -> str:
    """The value; notes what is wrong with it."""
    wrong = check(value)
    if wrong:
        faults.add(line, column, wrong)
    return value


def note_twice(seen: dict[str, int], key: str, line: int, column: str, faults: Faults) -> None:
    """Notes a key that stood on an earlier line."""
    if key in seen:
        faults.add(line, column, f"the same as in row {seen[key]}")
    seen.setdefault(key, line)
