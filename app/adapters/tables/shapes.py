"""What reading a file of rows gives, and how much of it is read at most."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Format = Literal["csv", "ndjson", "xlsx"]

UTF_8: Final = "UTF-8"
WINDOWS_1252: Final = "Windows-1252"
DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}
LONGEST_CELL: Final = 131_072  # characters; the bound of Python's csv module


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a file; what is beyond them is refused by its place. Sizes are bytes."""

    line: int = 1_048_576
    columns: int = 300
    workbook: int = 64 * 1_048_576  # as it lies on disk
    unpacked: int = 512 * 1_048_576  # all that the archive of a workbook holds
    entries: int = 2_000  # files in that archive
    ratio: int = 300  # unpacked to packed, of one entry
    cells: int = 3_000_000  # rows times columns of a sheet: 200,000 rows of 15 columns
    memory: int = 1_536 * 1_048_576  # of the process that reads a workbook
    seconds: int = 120  # of the processor, for the same


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Examined:
    """What one pass over the whole file found; a file that has it can be read as rows."""

    format: Format
    encoding: str | None  # UTF-8 or Windows-1252; None for xlsx
    delimiter: str | None  # comma, semicolon or tab; None but for csv
    columns: tuple[str, ...]  # () for ndjson
    rows: int  # those that are not blank, without the header
    digest: bytes  # SHA-256 of the bytes
    sheet: int | None = None  # which sheet of a workbook is read, from 1
    sheets: int | None = None  # how many it has


class RawRow(NamedTuple):
    """One row as it stands in the file; a named tuple, since a file has a million of them.

    `number` is that of the line on which it starts, of the row in the sheet for xlsx. `cells` are without
    spaces around them, () for ndjson, whose line is `body`. `fault` is a code where this row alone cannot
    be read: row.cells (their number is not that of the columns), text.encoding, cell.excel_error,
    cell.formula, cell.number; `column` is that of the cell which is at fault, from 1, where there is one.
    """

    number: int
    cells: tuple[str, ...]
    body: bytes | None
    fault: str | None
    column: int | None = None
