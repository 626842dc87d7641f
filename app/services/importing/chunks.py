"""Stores a chunk of an import: all of its rows with their results, or nothing, in one transaction."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.deciding import Deciding
from app.services.importing.imports import Import
from app.services.importing.rows import Draft, Rejected, RowResult


async def store_chunk(
    connection: AsyncConnection, import_: Import, rows: Sequence[Draft | Rejected], deciding: Deciding
) -> list[RowResult]:
    """What became of each row, in the order of the file; the caller commits.

    The transaction is one of the import's organisation. Every number is higher than the last one stored.
    Raises ImportTaken where somebody else has stored rows of the import meanwhile, or ended it: find it
    again and go on after its `last_row`.
    """
    raise NotImplementedError
