"""CSV that a spreadsheet shows and never runs: text that would begin a formula has an apostrophe before it.

No library does this and gives the text back: defusedcsv changes `+31600000000`, and what it changed stays so.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

Cell = str | int | float | bool

# Dutch spreadsheets split at semicolons.
DELIMITER: Final = ";"
# A spreadsheet that splits elsewhere begins a cell behind a comma, a tab, a line or a quote as well.
_BEGINNING: Final = r'(^|[;,\t\r\n"])(\s*)'
_FORMULA: Final = r"(?=[=+\-@|%\uff1d\uff0b\uff0d\uff20])"
_RISKY: Final = re.compile(rf"{_BEGINNING}('*){_FORMULA}")
_GUARDED: Final = re.compile(rf"{_BEGINNING}'('*){_FORMULA}")
# A number or a telephone number: there is nothing to run.
_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9 ]*([.,][0-9]+)?")


def write_spreadsheet(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as CSV in UTF-8 with a byte order mark, every cell in quotes, CRLF after each row.

    Numbers and truth values are written as they are. `read_spreadsheet` gives each text back.
    """
    return codecs.BOM_UTF8 + spreadsheet_rows(rows)


def spreadsheet_rows(rows: Iterable[Sequence[Cell]]) -> bytes:
    """More rows, to stand behind those that `write_spreadsheet` wrote."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=DELIMITER, quoting=csv.QUOTE_ALL)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue().encode()


def read_spreadsheet(content: bytes) -> list[list[str]]:
    """The cells that `write_spreadsheet` wrote, without the apostrophes that it added."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return [[_GUARDED.sub(r"\1\2\3", cell) for cell in row] for row in csv.reader(text, delimiter=DELIMITER)]


def _cell(value: Cell) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if not isinstance(value, str) or _NUMBER.fullmatch(text):
        return text
    return _RISKY.sub(r"\1\2'\3", text)
