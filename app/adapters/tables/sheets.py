"""The rows of the first sheet that holds any: cells as text, what a workbook hides as faults."""

import datetime as dt
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.adapters.tables.archive import WORKBOOK, damaged, open_archive, too_large
from app.adapters.tables.faults import TableFault
from app.adapters.tables.shapes import LONGEST_CELL, Limits

Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
Row = tuple[int, str | None, int | None, list[str]]  # its number, its fault, the column of that, its cells
Hidden = tuple[str, int]  # a fault, and its column in the sheet

# The numbers of a workbook have fifteen digits; what was typed behind them is lost.
_EXACT_BELOW: Final = 1e15
_BLOCK: Final = 1 << 20
# calamine reads both as empty: an error as #N/A, and a formula that no program has computed. The beginning
# of each pattern is looked for at every cell of a sheet, so it is as rare as can be.
_ERROR: Final = re.compile(rb"<(?:\w+:)?c\s(?=[^>]*\bt=[\"']e[\"'])([^>]*)>")
_NO_VALUE: Final = rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
_ENDS_WITHOUT: Final = re.compile(rb"f(?:\s[^<>]*)?/?>" + _NO_VALUE)
_FORMULA: Final = re.compile(
    rb"<(?:\w+:)?c(?![^>]*\bt=[\"']str[\"'])(?:\s([^>]*))?>\s*"
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)" + _NO_VALUE
)
_PLACE: Final = re.compile(rb"\br=[\"']([A-Za-z]{1,3})([0-9]+)[\"']")


class Sheet(NamedTuple):
    """The sheet that is read: which it is, from 1, of how many, and its rows that are not blank."""

    number: int
    sheets: int
    rows: Iterator[Row]


def first_sheet(content: bytes, limits: Limits) -> Sheet:
    """The first visible sheet that is not empty; raises TableFault where the workbook cannot be read."""
    with open_archive(content, limits) as archive:
        try:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            index, sheet = _first(workbook)
            parts = _parts(archive)
            faults = _hidden_faults(archive, parts[index])
        except (CalamineError, ET.ParseError, KeyError, IndexError):
            raise damaged() from None
    return Sheet(index + 1, len(parts), _rows(sheet, faults, limits))


def _first(workbook: CalamineWorkbook) -> tuple[int, CalamineSheet]:
    for index, told in enumerate(workbook.sheets_metadata):
        if told.typ == SheetTypeEnum.WorkSheet and told.visible == SheetVisibleEnum.Visible:
            sheet = workbook.get_sheet_by_index(index)
            if sheet.start is not None:
                return index, sheet
    raise TableFault("file.empty", "no sheet of the workbook holds a value")


def _parts(archive: zipfile.ZipFile) -> list[str]:
    """The entry of each sheet, in the order of the workbook."""
    # Only in a process of its own with little memory: what XML can do to its reader stays there.
    book = ET.fromstring(archive.read(WORKBOOK))  # noqa: S314
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets = book.iterfind("{*}sheets/{*}sheet")
    ids = [value for sheet in sheets for name, value in sheet.items() if name.endswith("}id")]
    return [posixpath.normpath(posixpath.join("/xl", targets[id])).lstrip("/") for id in ids]


def _hidden_faults(archive: zipfile.ZipFile, part: str) -> dict[int, Hidden]:
    """Row -> what its values do not show."""
    found: dict[int, Hidden] = {}
    rest = b""
    with archive.open(part) as xml:
        while block := xml.read(_BLOCK):
            rest += block
            cut = rest.rfind(b"row>") + 4
            whole, rest = (rest[:cut], rest[cut:]) if cut > 3 else (b"", rest)
            if _ENDS_WITHOUT.search(whole):
                found |= _placed(_FORMULA.finditer(whole), "cell.formula")
            if b't="e"' in whole or b"t='e'" in whole:
                found |= _placed(_ERROR.finditer(whole), "cell.excel_error")
    return found


def _placed(cells: Iterable[re.Match[bytes]], code: str) -> Iterator[tuple[int, Hidden]]:
    for cell in cells:
        place = _PLACE.search(cell[1] or b"")
        if place is None:
            told = "a cell that does not say its place holds an error or no value"
            raise TableFault("file.excel_error", told)
        yield int(place[2]), (code, _number(place[1]))


def _number(letters: bytes) -> int:
    """Of a column, from 1: behind Z comes AA."""
    return reduce(lambda number, letter: number * 26 + letter - ord("A") + 1, letters.upper(), 0)


def _rows(sheet: CalamineSheet, faults: dict[int, Hidden], limits: Limits) -> Iterator[Row]:
    # calamine gives rows from the first of the sheet, and their cells from the first column that is used.
    top, left = sheet.start or (0, 0)
    if sheet.width > limits.columns:
        told = f"{sheet.width} columns, at most {limits.columns} are read"
        raise TableFault("file.too_many_columns", told, top + 1)
    if sheet.height * sheet.width > limits.cells:
        raise too_large(f"holds more than {limits.cells:,} cells")
    for number, values in enumerate(sheet.iter_rows(), 1):
        texts = [_text(value) for value in values]
        fault, column = faults.get(number, (None, 0))
        if None in texts:
            fault, column = "cell.number", texts.index(None) + left + 1
        cells = [text or "" for text in texts]
        _check_sizes(cells, number, limits)
        if fault or any(cells):
            yield number, fault, column - left if fault else None, cells


def _check_sizes(cells: list[str], number: int, limits: Limits) -> None:
    sizes = list(map(len, cells))
    if max(sizes) > LONGEST_CELL:
        told = f"a cell holds more than {LONGEST_CELL} characters"
        raise TableFault("file.cell_too_long", told, number, sizes.index(max(sizes)) + 1)
    if sum(sizes) > limits.line:
        raise TableFault("file.line_too_long", f"the row is longer than {limits.line:,} characters", number)


def _text(value: Value) -> str | None:
    """What a cell says; None for a number of more digits than a workbook keeps."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        if abs(value) >= _EXACT_BELOW:
            return None
        return str(int(value)) if value == int(value) else repr(value)
    return str(value) if isinstance(value, dt.timedelta) else value.isoformat()
