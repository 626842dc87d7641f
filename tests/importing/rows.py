"""A file of one row: what its cells tell, and what is wrong with them."""

from typing import Any, Final

from pydantic import ValidationError

from app.errors import InvalidInput
from app.reference import open_reference
from app.schemas.importing import Reader, load_mapping
from app.schemas.json_body import faults_of
from app.schemas.request import ReferralRequest

ENOUGH: Final = {
    "sourceReference": "sis-1",
    "problemDomains": "debts",
    "referrer.name": "M. Voorbeeld",
}


def read(cells: dict[str, str], mapping: str = "") -> dict[str, Any]:
    """The body of a row with these cells, and with those that every file needs."""
    row = ENOUGH | cells
    return _reader(row, mapping).body(tuple(row.values()))


def faults(cells: dict[str, str], mapping: str = "") -> list[tuple[str | None, str]]:
    """The column and code of each fault of such a row, those of the request included."""
    try:
        body = read(cells, mapping)
        ReferralRequest.model_validate(body)
    except InvalidInput as invalid:
        return [(fault.location, fault.code) for fault in invalid.faults]
    except ValidationError as error:
        reader = _reader(ENOUGH | cells, mapping)
        return [(reader.column_of(fault.location), fault.code) for fault in faults_of(error, body)]
    return []


def _reader(row: dict[str, str], mapping: str) -> Reader:
    return Reader(tuple(row), load_mapping(mapping.encode()), open_reference())
