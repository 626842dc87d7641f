"""Stores a chunk of an import: all of its rows with their results, or nothing, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.errors import ImportTaken
from app.services.deciding import Deciding
from app.services.importing.firsts import store_firsts
from app.services.importing.imports import Import
from app.services.importing.keeping import count, keep_results
from app.services.importing.looks import log_stored
from app.services.importing.refusals import follow_refusals
from app.services.importing.rows import Draft, Rejected, RowResult
from app.services.importing.verdicts import earlier_rows, first_of_each, index_of, results_of

# A plan is kept for the next chunks: one that was made while the tables were small would read them whole when
# they are not.
_LOCK: Final = """
SELECT outcomes, summary, set_config('enable_seqscan', 'off', true) FROM import
 WHERE organisation_id = $1 AND id = $2 AND status = 'processing' AND last_row = $3 FOR NO KEY UPDATE
"""


async def store_chunk(
    connection: AsyncConnection, import_: Import, rows: Sequence[Draft | Rejected], deciding: Deciding
) -> list[RowResult]:
    """What became of each row, in the order of the file; the caller commits.

    The transaction is one of the import's organisation. Every number is higher than the last one stored.
    Raises ImportTaken where somebody else has stored rows of the import meanwhile, or ended it: find it
    again and go on after its `last_row`. Raises Unavailable where the chunk is to be tried again.
    """
    driver = await driver_of(connection)
    own = (import_.organisation_id, import_.id)
    counted = await driver.fetchrow(_LOCK, *own, import_.last_row)
    if counted is None:
        raise ImportTaken
    drafts = [row for row in rows if isinstance(row, Draft)]
    standing = await earlier_rows(driver, import_, drafts)
    firsts, stored = await store_firsts(driver, import_, first_of_each(drafts, standing))
    standing |= firsts
    await log_stored(connection, import_, stored, deciding)
    for draft in await follow_refusals(connection, import_, stored, deciding):
        standing[index_of(draft)] = replace(standing[index_of(draft)], named=False)
    results = results_of(rows, standing)
    await keep_results(driver, import_, rows, results, standing, deciding.keyring)
    await count(driver, import_, counted, rows, results)
    return results
