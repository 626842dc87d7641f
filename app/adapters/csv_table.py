"""A table from the bytes of a CSV file, as spreadsheets and registries write them."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab"}
MOST_COLUMNS: Final = 300
LONGEST_CELL: Final = 131_072  # characters; the library's own bound


class TableFault(ValueError):
    """The file is not a table that can be read; the text says where and why, the row counts from 1."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, counting the header as 1, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The columns as the header names them, and all rows that are not empty."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    delimiter: str


def read_csv(content: bytes) -> Table:
    """A table from UTF-8 (with or without a byte order mark) or Windows-1252, by comma, semicolon or tab.

    Raises TableFault for a file that is no table: empty, binary, with doubled or missing columns,
    ragged rows or a quote that never closes.
    """
    text, encoding = _decode(content)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    lines = _lines(text, delimiter)
    _, header = next(lines, (0, []))
    columns = tuple(name.strip() for name in header)
    _check_header(columns)
    rows = tuple(_row(number, cells, columns) for number, cells in lines if any(map(str.strip, cells)))
    if not rows:
        raise TableFault("the file has a header and no rows")
    return Table(columns, rows, encoding, DELIMITERS[delimiter])


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table as CSV in UTF-8, comma separated, a line feed after each row."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue()


def _decode(content: bytes) -> tuple[str, str]:
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise TableFault("the file is empty")
    if b"\0" in content:
        raise TableFault("the file holds null bytes: it is no text in UTF-8, save it as CSV UTF-8")
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
    try:
        return content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        raise TableFault(f"row {row}: neither UTF-8 nor Windows-1252") from None


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each line with the number of the row on which it starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        starts_at = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise TableFault(f"row {starts_at}: {_reason(error)}") from None
        if cells is None:
            return
        yield starts_at, cells


def _reason(error: csv.Error) -> str:
    """The library's message without what was in the file."""
    if "field larger" in str(error):
        return f"a cell holds more than {LONGEST_CELL} characters"
    return "a quote stands where none belongs, or never closes"


def _check_header(columns: tuple[str, ...]) -> None:
    if len(columns) > MOST_COLUMNS:
        raise TableFault(f"row 1: {len(columns)} columns, at most {MOST_COLUMNS} are read")
    if len(columns) == 1:
        raise TableFault("row 1: one column alone: separate columns by comma, semicolon or tab")
    empty = [str(place) for place, name in enumerate(columns, 1) if not name]
    if empty:
        raise TableFault(f"row 1: column {', '.join(empty)} has no name")
    doubled = [str(place) for place, name in enumerate(columns, 1) if name in columns[: place - 1]]
    if doubled:
        raise TableFault(f"row 1: column {', '.join(doubled)} has a name that stands there before")


def _row(number: int, cells: list[str], columns: tuple[str, ...]) -> Row:
    if len(cells) != len(columns):
        raise TableFault(f"row {number}: {len(cells)} cells for {len(columns)} columns")
    return Row(number, {name: cell.strip() for name, cell in zip(columns, cells, strict=True)})
