"""The results of an import beside its file: what became of each row, as CSV and as NDJSON."""

import fcntl
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

from app.adapters.spreadsheet import Cell, spreadsheet_rows, write_spreadsheet
from app.errors import CannotStart
from app.services.importing.rows import RowFault, RowResult

COLUMNS: Final = ("row", "sourceReference", "outcome", "referralId", "firstRow", "faults")
_HEADER: Final = write_spreadsheet([COLUMNS])
_ADDING: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
_FIRST_NAME: Final = b'{"row":'


class FileResults:
    """Two files that have their names once they are whole: until then they end in `.part`.

    They tell of students, so their owner alone may read them.

    Raises CannotStart for what cannot be written, for what has one of the names and is no results, and
    where another import is writing the same.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.is_empty = True
        self._table = _Part(folder / f"{name}.results.csv", _HEADER)
        try:
            self._lines = _Part(folder / f"{name}.results.ndjson", _FIRST_NAME)
        except CannotStart:
            self._table.close(remove=True)
            raise
        self._table.begin(_HEADER)
        self._lines.begin(b"")

    @property
    def paths(self) -> list[Path]:
        """Where they are now."""
        return [self._table.place, self._lines.place]

    def keep(self, rows: Sequence[RowResult]) -> None:
        """Writes some more rows."""
        self.is_empty = False
        self._table.write(spreadsheet_rows(map(_cells, rows)))
        self._lines.write("".join(f"{_line(row)}\n" for row in rows).encode())

    def complete(self) -> None:
        """Gives both their names."""
        self._table.complete()
        self._lines.complete()

    def close(self) -> None:
        """Leaves what there is, unless that is nothing."""
        for part in (self._table, self._lines):
            part.close(remove=self.is_empty)


class _Part:
    """One file that is being written."""

    def __init__(self, path: Path, beginning: bytes) -> None:
        self._path, self.place = path, path.with_name(f"{path.name}.part")
        self._refuse_others(beginning)
        try:
            # Not emptied before it is ours alone: another process may be writing it.
            self._file: IO[bytes] = os.fdopen(os.open(self.place, _ADDING, 0o600), "ab")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise CannotStart(f"{self.place}: another import of this file is writing it") from None
        except OSError as error:
            raise _unwritable(self.place, error) from None

    def begin(self, beginning: bytes) -> None:
        """Empties it."""
        os.ftruncate(self._file.fileno(), 0)
        self.write(beginning)

    def write(self, content: bytes) -> None:
        """Adds to it, at once."""
        try:
            self._file.write(content)
            self._file.flush()
        except OSError as error:
            raise _unwritable(self.place, error) from None

    def complete(self) -> None:
        """Gives it its name."""
        try:
            os.fsync(self._file.fileno())
            self.place.replace(self._path)
        except OSError as error:
            raise _unwritable(self._path, error) from None
        self.place = self._path

    def close(self, *, remove: bool) -> None:
        """Lets go of it; `remove` takes it away where it never got its name."""
        if remove and self.place != self._path:
            self.place.unlink(missing_ok=True)
        self._file.close()

    def _refuse_others(self, beginning: bytes) -> None:
        """Results of an earlier run are written anew; what is anybody's own stays."""
        try:
            with self._path.open("rb") as there:
                begins = there.read(len(beginning))
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unwritable(self._path, error) from None
        if begins != beginning:
            raise CannotStart(
                f"{self._path}: this is there and no results of an import; move it, or --results"
            )


def _cells(row: RowResult) -> tuple[Cell, ...]:
    referral = str(row.referral_id) if row.referral_id else ""
    faults = "; ".join(map(_in_words, row.faults))
    return (row.number, row.reference or "", row.outcome, referral, row.first_row or "", faults)


def _in_words(fault: RowFault) -> str:
    return ": ".join(filter(None, (fault.column, fault.code, fault.detail.removesuffix("."))))


def _line(row: RowResult) -> str:
    told: dict[str, Any] = {
        "row": row.number,
        "sourceReference": row.reference,
        "outcome": row.outcome,
        "referralId": str(row.referral_id) if row.referral_id else None,
        "firstRow": row.first_row,
        "faults": [
            {"column": fault.column, "code": fault.code, "detail": fault.detail} for fault in row.faults
        ],
    }
    return json.dumps(told, ensure_ascii=False)


def _unwritable(path: Path, error: OSError) -> CannotStart:
    if not path.parent.is_dir():
        return CannotStart(f"{path.parent}: no such folder for the results")
    return CannotStart(f"{path}: {error.strerror}: the results cannot be written")
