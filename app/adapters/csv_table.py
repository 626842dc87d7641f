"""A whole table in memory from the bytes of a CSV file, and back."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from app.adapters.tables import BytesSource, RawRow, TableFault, examine, read_rows
from app.adapters.tables.formats import format_of


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
    if format_of(content) != "csv":
        raise TableFault("file.format", "this is no CSV: save it as CSV UTF-8")
    source = BytesSource(content)
    found = examine(source)
    assert found.encoding
    assert found.delimiter
    rows = tuple(_row(row, found.columns) for row in read_rows(source, found))
    return Table(found.columns, rows, found.encoding, found.delimiter)


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table as CSV in UTF-8, comma separated, a line feed after each row."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue()


def _row(row: RawRow, columns: tuple[str, ...]) -> Row:
    if row.fault:
        raise TableFault(row.fault, f"{len(row.cells)} cells for {len(columns)} columns", row.number)
    return Row(row.number, dict(zip(columns, row.cells, strict=True)))
