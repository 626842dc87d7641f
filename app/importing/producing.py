"""Rows to drafts, in a producing process."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final
from uuid import UUID

from app.adapters.raised import place_of
from app.adapters.tables import RawRow
from app.errors import RowFailed
from app.importing.process import Moment, deciding_at
from app.importing.readable import reader_of
from app.importing.row import Produced, produce_row
from app.reference import Reference
from app.schemas.importing import Reader
from app.services.clients import Client


@dataclass(frozen=True, slots=True)
class Job:
    """What the rows of one import are read and stored with."""

    import_id: UUID
    client: Client
    columns: tuple[str, ...]
    mapping: bytes | None


# Of a few imports at once, of which each column has its own.
_KEPT: Final = 8
_readers: dict[tuple[tuple[str, ...], bytes | None, str], Reader] = {}


def produce(job: Job, rows: Sequence[RawRow], moment: Moment) -> list[Produced]:
    """The rows, decided and sealed. Raises RowFailed where one makes the program fail: that is our fault."""
    deciding = deciding_at(moment)
    reader = _reader(job, deciding.reference)
    import_id, done = str(job.import_id), list[Produced]()
    for row in rows:
        with _Naming(row.number):
            done.append(produce_row(row, reader, job.client, deciding, import_id))
    return done


def _reader(job: Job, reference: Reference) -> Reader:
    """Made once for an import: it knows of each column what to do with it."""
    key = (job.columns, job.mapping, reference.hash)
    if key not in _readers:
        if len(_readers) >= _KEPT:
            _readers.clear()
        _readers[key] = reader_of(job.columns, job.mapping, reference)
    return _readers[key]


class _Naming:
    """Names the row at which the program failed; what the failure says may hold values and stays here."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            raise RowFailed(self._number, type(error).__name__, place_of(error)) from None
