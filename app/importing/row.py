"""One row to what is stored of it, checked and decided as by POST /v1/referrals, or its faults by column."""

from typing import Any, Final

from app.adapters.tables import RawRow
from app.errors import Fault, InvalidInput
from app.schemas.faults import fault
from app.schemas.importing import Reader
from app.schemas.json_body import read_json
from app.schemas.submission import submission_of
from app.services.clients import Client
from app.services.deciding import Deciding
from app.services.importing.drafting import draft
from app.services.importing.rows import Draft, Rejected, RowFault

PATH: Final = "/v1/referrals"
# A longer one is no reference that could be stored, and is not repeated.
_LONGEST_REFERENCE: Final = 128

Produced = Draft | Rejected


def produce_row(row: RawRow, reader: Reader, client: Client, deciding: Deciding, import_id: str) -> Produced:
    """The row decided and sealed, or what is wrong with it; the events of its referral name the import."""
    # Whether a row with too many or too few cells has its reference where it should, nobody knows.
    is_known = row.body is None and row.fault != "row.cells"
    plain: Any = {"sourceReference": reader.reference_in(row.cells)} if is_known else None
    if row.fault is not None:
        return _rejected(row, plain, reader, fault(reader.name_of(row.column) or "", row.fault))
    try:
        plain = read_json(row.body) if row.body is not None else reader.body(row.cells)
        submission = submission_of(
            plain, deciding.reference, deciding.today, path=PATH, correlation_id=import_id
        )
    except InvalidInput as invalid:
        return _rejected(row, plain, reader, *invalid.faults)
    return draft(row.number, submission, client, deciding)


def _rejected(row: RawRow, plain: Any, reader: Reader, *faults: Fault) -> Rejected:
    """A cell's own fault is at its column already; that of a body is at a pointer into it."""

    def place(location: str) -> str | None:
        if row.body is not None or not location.startswith("/"):
            return location or None
        return reader.column_of(location)

    told = tuple(RowFault(place(found.location), found.code, found.detail) for found in faults)
    return Rejected(row.number, _reference_of(plain), told)


def _reference_of(plain: Any) -> str | None:
    """The reference of a row that is otherwise wrong, so that it can be found again."""
    reference = plain.get("sourceReference") if isinstance(plain, dict) else None
    fits = isinstance(reference, str) and reference.isprintable() and 0 < len(reference) <= _LONGEST_REFERENCE
    return reference if fits else None
