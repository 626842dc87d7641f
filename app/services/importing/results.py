"""Reads what became of the rows of an import, a page at a time."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.importing.imports import Import
from app.services.importing.rows import Outcome, RowResult


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
    raise NotImplementedError
