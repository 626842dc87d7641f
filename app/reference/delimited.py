"""Reads delimited files that somebody hands in: any size, line by line, every fault by row and column."""

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Final, NamedTuple

from app.adapters import tables
from app.adapters.tables.delimited import records_of, split_header
from app.adapters.tables.encodings import as_utf_8, decoded, utf_16_of
from app.adapters.tables.lines import BLOCK, Blocks, lines_of, without_mark
from app.adapters.tables.shapes import UTF_8

LONGEST_LINE: Final = 65_536  # bytes in UTF-8; what is longer is no table
FAULTS_KEPT: Final = 20  # of each file; the others are counted
FAULTS_AT_MOST: Final = 1_000  # in one file; then it is not read on
PROGRESS_EVERY: Final = 1_000_000  # rows
_DELIMITERS: Final = ",;\t|"
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
        """Notes a fault; `detail` never holds a value of the file. Raises tables.TableFault after many."""
        self.count += 1
        if len(self.kept) < FAULTS_KEPT:
            self.kept.append(TableFault(self.file, row, column, detail))
        if self.count == FAULTS_AT_MOST:
            detail = "very many faults: the file is not read on from here"
            raise tables.TableFault("file.many_faults", detail, row)


@dataclass(slots=True)
class Delimited:
    """An open table: its header, and its rows with the number of their line."""

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]


@contextmanager
def open_delimited(path: Path, recognised: Recognised, progress: Progress) -> Iterator[Delimited]:
    """The table of a CSV file, or of the one file in a ZIP whose header is `recognised`.

    Comma, semicolon, tab or bar between the values, whichever gives a header that is recognised; UTF-8
    or UTF-16. Raises tables.TableFault, also while the rows are read, and OSError.
    """
    try:
        with _opened(path, recognised) as stream:
            yield _table(stream, recognised, lambda rows: progress(path.name, rows))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        # RuntimeError is what an encrypted member gives, NotImplementedError a compression nobody knows.
        detail = f"the ZIP file cannot be read ({type(error).__name__})"
        raise tables.TableFault("file.zip_damaged", detail) from None


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
            detail = f"{len(fitting)} of the files in the ZIP have a header that is known, and one is needed"
            raise tables.TableFault("file.zip_members", detail)
        with archive.open(fitting[0]) as member:
            yield member


def _fits(archive: zipfile.ZipFile, name: str, recognised: Recognised) -> bool:
    with archive.open(name) as member:
        try:
            return recognised(_table(member, recognised, _silent).header)
        except tables.TableFault:
            return False


def _silent(_rows: int) -> None:
    """Tells nobody how far the reading is."""


def _table(stream: Stream, recognised: Recognised, progress: Callable[[int], None]) -> Delimited:
    lines = _lines(stream)
    first = next(lines, "")
    if not first.strip():
        detail = "the first line is blank: it must be the header" if first else "the file is empty"
        raise tables.TableFault("file.empty", detail)
    read = {delimiter: split_header(first, delimiter) for delimiter in _DELIMITERS}
    fitting = [d for d, header in read.items() if recognised(header)]
    delimiter = max(fitting or read, key=lambda d: len(read[d]))
    return Delimited(read[delimiter], _rows(chain([first], lines), delimiter, progress))


def _lines(stream: Stream) -> Iterator[str]:
    blocks = Blocks(stream)
    head = blocks.read(BLOCK)
    codec, whole = utf_16_of(head), chain([head], blocks)
    groups = lines_of(without_mark(as_utf_8(whole, codec) if codec else whole), LONGEST_LINE)
    return chain.from_iterable(decoded(groups, UTF_8))


def _rows(
    lines: Iterable[str], delimiter: str, progress: Callable[[int], None]
) -> Iterator[tuple[int, list[str]]]:
    records = records_of(lines, delimiter)
    next(records)
    seen = 0
    for number, row in records:
        if not row:
            continue
        seen += 1
        if seen % PROGRESS_EVERY == 0:
            progress(seen)
        yield number, row
    if not seen:
        raise tables.TableFault("file.header_only", "there is a header and no row")
