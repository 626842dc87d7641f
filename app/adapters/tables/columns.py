"""In which cell of a record of delimited text the reader stopped: it tells only that it did."""

import re
from typing import Final

from app.adapters.tables.shapes import LONGEST_CELL

# In quotes or without, up to where the next cell or the next record begins.
_CELL: Final = r'"((?:[^"]|"")*+)"(?=[{0}\r\n]|\Z)|([^"{0}\r\n][^{0}\r\n]*+|)(?=[{0}\r\n]|\Z)'


def column_of_fault(record: str, delimiter: str) -> int:
    """The first cell, from 1, whose quotes do not fit or that is too long; else the last."""
    cells, column, at = re.compile(_CELL.format(re.escape(delimiter))), 1, 0
    while (cell := cells.match(record, at)) and _fits(cell) and record.startswith(delimiter, cell.end()):
        column, at = column + 1, cell.end() + len(delimiter)
    return column


def _fits(cell: re.Match[str]) -> bool:
    size = len(cell[2]) if cell[1] is None else len(cell[1].replace('""', '"'))
    return size <= LONGEST_CELL
