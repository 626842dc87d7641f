"""What became of the rows of an import: sealed and kept with each chunk, read again a page at a time."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.services.importing.imports import Import
from app.services.importing.rows import Outcome, RowFault, RowResult

_LIST: Final = """
SELECT number, outcome, reference, referral_id, first_row, faults FROM import_row
 WHERE organisation_id = $1 AND import_id = $2 AND number > $3 {of_outcome}
 ORDER BY number LIMIT {limit}
"""


async def list_rows(
    connection: AsyncConnection,
    import_: Import,
    *,
    outcome: Outcome | None = None,
    after: int = 0,
    limit: int = 50,
) -> tuple[list[RowResult], int | None]:
    """Rows in the order of the file, of one outcome or all, and after which number the next page starts.

    A reference is None where it was erased, or could not be read.
    """
    # Both stand in the text: the planner must see that the filter has an index, and that a page is short.
    query = _LIST.format(of_outcome="AND outcome = $4" if outcome else "", limit=limit + 1)
    driver, asked = await driver_of(connection), (import_.organisation_id, import_.id, after)
    rows = await driver.fetch(query, *asked, *([outcome] if outcome else []))
    page = [_result(row, import_) for row in rows[:limit]]
    return page, page[-1].number if len(rows) > limit else None


def seal_reference(import_: Import, number: int, reference: str) -> bytes:
    """The reference of a row, to be opened at its place alone."""
    return import_.key.encrypt(reference.encode(), **_place(import_, number))


def _result(row: Mapping[str, Any], import_: Import) -> RowResult:
    sealed, number = row["reference"], row["number"]
    return RowResult(
        number=number,
        reference=None if sealed is None else import_.key.decrypt(sealed, **_place(import_, number)).decode(),
        outcome=row["outcome"],
        referral_id=row["referral_id"],
        first_row=row["first_row"],
        faults=tuple(RowFault(**fault) for fault in row["faults"] or ()),
    )


def _place(import_: Import, number: int) -> dict[str, str]:
    return {"table": "import_row", "column": "reference", "row": f"{import_.place}/{number}"}
