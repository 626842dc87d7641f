"""What keeps a file from being run, as faults that are kept with its import."""

from collections.abc import Iterator
from typing import Final

from app.adapters.tables import TableFault
from app.errors import ImportStopped, ProducersDie, RowFailed
from app.schemas.importing import HeaderFault, MappingFault
from app.schemas.json_body import MAX_FAULTS
from app.services.importing.rows import RowFault

UNREADABLE: Final = (TableFault, HeaderFault, MappingFault, ImportStopped)


def faults_of(error: Exception) -> Iterator[RowFault]:
    """The faults of one of UNREADABLE, by their codes."""
    match error:
        case TableFault():
            yield RowFault(str(error.column) if error.column else None, error.code, error.detail, error.row)
        case HeaderFault():
            told = error.faults[:MAX_FAULTS]
            yield from (RowFault(one.column, one.code, one.detail, row=1) for one in told)
        case MappingFault():
            yield from (RowFault(None, one.code, one.detail) for one in error.faults)
        case RowFailed():
            yield RowFault(None, "import.failed", "the program failed", error.number)
        case ProducersDie():
            yield RowFault(None, "import.failed", "every process ended", error.first)
