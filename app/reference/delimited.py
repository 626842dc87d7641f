"""Reads delimited files that somebody hands in: any size, line by line, every fault by row and column."""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, NamedTuple, TextIO

LONGEST_LINE: Final = 65_536  # characters; what is longer is no table
FAULTS_KEPT: Final = 20  # of each file; the others are counted
FAULTS_AT_MOST: Final = 1_000  # in one file; then it is not read on
PROGRESS_EVERY: Final = 1_000_000  # rows
_DELIMITERS: Final = ",;\t|"
_BYTE_ORDER: Final = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}

Progress = Callable[[str, int], None]
Stream = IO[bytes]
Recognised = Callable[[list[str]], bool]


class TableFault(NamedTuple):
    """One fault: the file, the row as an editor counts lines (None: the file), the column, a sentence."""

    file: str
    row: int | None
    column: str | None
    detail: str


@dataclass(slots=True)
class Faults:
    """The faults of one file, the first ones kept and all counted."""

    file: str
    kept: list[TableFault] = field(default_factory=list)
    count: int = 0

    def add(self, row: int | None, column: str | None, detail: str) -> None:
        """Notes a fault; `detail` never holds a value of the file. Raises NoTable after very many."""
        self.count += 1
        if len(self.kept) < FAULTS_KEPT:
            self.kept.append(TableFault(self.file, row, column, detail))
        if self.count == FAULTS_AT_MOST:
            raise NoTable(row, "very many faults: the file is not read on from here")


class NoTable(Exception):
    """The file cannot be read on; `row` is where, None for the whole file."""

    def __init__(self, row: int | None, detail: str) -> None:
        super().__init__(detail)
        self.row = row
        self.detail = detail


@dataclass(slots=True)
class Delimited:
    """An open table: its header, and its rows with the number of their line."""

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]


@contextmanager
def open_delimited(path: Path, recognised: Recognised, progress: Progress) -> Iterator[Delimited]:
    """The table of a CSV file, or of the one file in a ZIP whose header is `recognised`.

    Comma, semicolon, tab or bar between the values, whichever gives a header that is recognised; UTF-8
    or UTF-16. Raises NoTable, also while the rows are read, and OSError.
    """
    try:
        with _opened(path, recognised) as stream, _decoded(stream) as text:
            yield _table(text, recognised, lambda rows: progress(path.name, rows))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        # RuntimeError is what an encrypted member gives, NotImplementedError a compression nobody knows.
        raise NoTable(None, f"the ZIP file cannot be read ({type(error).__name__})") from None


@contextmanager
def _opened(path: Path, recognised: Recognised) -> Iterator[Stream]:
    if not zipfile.is_zipfile(path):
        with path.open("rb") as plain:
            yield plain
        return
    with zipfile.ZipFile(path) as archive:
        members = [name for name in archive.namelist() if name.lower().endswith(".csv")]
        fitting = [name for name in members if _fits(archive, name, recognised)]
        if len(fitting) != 1:
            raise NoTable(
                None, f"{len(fitting)} of the files in the ZIP have a header that is known, and one is needed"
            )
        with archive.open(fitting[0]) as member:
            yield member


def _fits(archive: zipfile.ZipFile, name: str, recognised: Recognised) -> bool:
    with archive.open(name) as member, _decoded(member) as text:
        try:
            return recognised(_table(text, recognised, _silent).header)
        except NoTable:
            return False


@contextmanager
def _decoded(stream: Stream) -> Iterator[TextIO]:
    """The text of a stream; what cannot be decoded becomes a character that no table has."""
    text = io.TextIOWrapper(stream, _encoding(stream), errors="replace", newline="")
    try:
        yield text
    finally:
        text.detach()


def _silent(_rows: int) -> None:
    """Tells nobody how far the reading is."""


def _table(stream: TextIO, recognised: Recognised, progress: Callable[[int], None]) -> Delimited:
    lines = _lines(stream)
    first = next(lines, None)
    if first is None or not first.strip():
        raise NoTable(
            None, "the file is empty" if first is None else "the first line is blank: it must be the header"
        )
    read = {delimiter: _split(first, delimiter) for delimiter in _DELIMITERS}
    fitting = [d for d, header in read.items() if recognised(header)]
    delimiter = max(fitting or read, key=lambda d: len(read[d]))
    return Delimited(read[delimiter], _rows(lines, delimiter, progress))


def _encoding(stream: Stream) -> str:
    """By the byte order mark; without one UTF-16 shows by the zero beside its first character."""
    start: bytes = stream.peek(4)[:4]  # type: ignore[attr-defined]  # files and members of a ZIP have it
    for mark, encoding in _BYTE_ORDER.items():
        if start.startswith(mark):
            return encoding
    if len(start) > 1 and 0 in start[:2]:
        return "utf-16-le" if start[1] == 0 else "utf-16-be"
    return "utf-8"


def _lines(stream: TextIO) -> Iterator[str]:
    """The lines, none longer than is sane, without what no text has."""
    for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE + 1), ""), 1):
        if len(line) > LONGEST_LINE:
            raise NoTable(number, f"the line is longer than {LONGEST_LINE} characters")
        if "\ufffd" in line:
            raise NoTable(number, "this is not UTF-8 or UTF-16")
        if "\0" in line:
            raise NoTable(number, "the line holds a NUL character")
        yield line


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _rows(
    lines: Iterator[str], delimiter: str, progress: Callable[[int], None]
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    seen = 0
    try:
        for row in reader:
            if not row:
                continue
            seen += 1
            if seen % PROGRESS_EVERY == 0:
                progress(seen)
            yield reader.line_num + 1, row
    except csv.Error:
        raise NoTable(reader.line_num + 1, "the quotation marks do not fit together") from None
    if not seen:
        raise NoTable(None, "there is a header and no row")
