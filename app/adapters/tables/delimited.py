"""Text with a delimiter as records: the one place of the project that takes such text apart."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import Final

from app.adapters.tables.columns import column_of_fault
from app.adapters.tables.encodings import Deciding, decoded
from app.adapters.tables.faults import TableFault, null_bytes
from app.adapters.tables.lines import Blocks, lines_of, without_mark
from app.adapters.tables.shapes import DELIMITERS, LONGEST_CELL, Examined, Limits, RawRow

Record = tuple[int, list[str]]
_NUL: Final = "NUL"


def examine_delimited(blocks: Blocks, head: bytes, limits: Limits) -> Examined:
    """What a whole file of delimited text is; raises TableFault for what is no table.

    `head` is what was read of the blocks already.
    """
    deciding = Deciding(marked=is_marked(head))
    groups = lines_of(without_mark(chain([head], blocks)), limits.line)
    delimiter, lines = _delimiter(chain.from_iterable(deciding.decode(groups)))
    records = _not_blank(records_of(lines, DELIMITERS[delimiter]))
    row, header = next(records, (1, []))
    columns = tuple(map(str.strip, header))
    check_columns(columns, row, limits.columns)
    rows = sum(1 for _ in records)
    if not rows:
        raise TableFault("file.header_only", "the file has a header and no rows")
    return Examined("csv", deciding.encoding, delimiter, columns, rows, blocks.digest())


def read_delimited(blocks: Blocks, examined: Examined, after: int, limits: Limits) -> Iterator[RawRow]:
    """The rows behind the header whose number is more than `after`; raises TableFault where none follow."""
    assert examined.encoding
    assert examined.delimiter
    groups = lines_of(without_mark(blocks), limits.line)
    lines = chain.from_iterable(decoded(groups, examined.encoding))
    records = records_of(lines, DELIMITERS[examined.delimiter])
    next(_not_blank(records), None)
    width = len(examined.columns)
    for number, record in records:
        if number <= after:
            continue
        cells = tuple(map(str.strip, record))
        if any(cells):
            yield RawRow(number, cells, None, None if len(cells) == width else "row.cells")


def records_of(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """The cells of each record with the number of the line on which it starts, from 1.

    Raises TableFault for quotes that do not fit together, for NUL and for a cell that is too long.
    """
    record: list[str] = []
    reader = csv.reader(_noted(lines, record), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            record.clear()
            number = reader.line_num + 1
    except csv.Error as error:
        column = column_of_fault("".join(record), delimiter)
        raise _fault(str(error), number, reader.line_num, column) from None


def split_header(line: str, delimiter: str) -> list[str]:
    """The names in a first line; [] where its quotes do not fit this delimiter."""
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def check_columns(columns: tuple[str, ...], row: int, most: int) -> None:
    """Raises TableFault for a header that names no columns, too many, or one twice."""
    if not columns:
        raise TableFault("file.empty", "the file is empty")
    if len(columns) > most:
        raise TableFault("file.too_many_columns", f"{len(columns)} columns, at most {most} are read", row)
    if len(columns) == 1:
        raise TableFault(
            "file.delimiter", "one column alone: separate columns by comma, semicolon or tab", row
        )
    for column, name in enumerate(columns, 1):
        if not name:
            raise TableFault("file.columns_missing", f"column {column} has no name", row, column)
        if name in columns[: column - 1]:
            raise TableFault(
                "file.column_doubled", f"column {column} has a name that stands there before", row, column
            )


def is_marked(head: bytes) -> bool:
    """Whether bytes begin with the mark of UTF-8."""
    return head.startswith(codecs.BOM_UTF8)


def _delimiter(lines: Iterator[str]) -> tuple[str, Iterator[str]]:
    """What separates the names in the first line that is not blank, and all lines again."""
    for blank, line in enumerate(lines):
        if line.strip():
            sizes = {name: len(split_header(line, sign)) for name, sign in DELIMITERS.items()}
            return max(sizes, key=lambda name: sizes[name]), chain(repeat("\n", blank), [line], lines)
    raise TableFault("file.empty", "the file is empty")


def _not_blank(records: Iterator[Record]) -> Iterator[Record]:
    return (record for record in records if any(map(str.strip, record[1])))


def _noted(lines: Iterable[str], record: list[str]) -> Iterator[str]:
    """The lines, each noted first; raises csv.Error for NUL, where the line that is noted ends."""
    for line in lines:
        if "\0" in line:
            record.append(line[: line.index("\0")])
            raise csv.Error(_NUL)
        record.append(line)
        yield line


def _fault(error: str, row: int, last: int, column: int) -> TableFault:
    """The library's message as a fault, without what was in the file; `last` is the line it had come to."""
    if error == _NUL:
        return null_bytes(row, column)
    if row < last or "unexpected end" in error:
        return TableFault("file.quote_open", "a quote opens in this row and never closes", row, column)
    if "field larger" in error:
        return TableFault(
            "file.cell_too_long", f"a cell holds more than {LONGEST_CELL} characters", row, column
        )
    return TableFault("file.quote_stray", "a quote stands where none belongs", row, column)
