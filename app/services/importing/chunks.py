"""Stores a chunk of an import: all of its rows with their results, or nothing, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.services.deciding import Deciding
from app.services.importing.firsts import store_firsts
from app.services.importing.imports import Import
from app.services.importing.keeping import count, keep_results
from app.services.importing.looks import log_shown, log_stored
from app.services.importing.meanwhile import hold_import, hold_still
from app.services.importing.refusals import follow_refusals
from app.services.importing.rows import Draft, Rejected, RowResult
from app.services.importing.verdicts import first_of_each, index_of, results_of


async def store_chunk(
    connection: AsyncConnection,
    import_: Import,
    rows: Sequence[Draft | Rejected],
    deciding: Deciding,
    *,
    shows: bool = False,
) -> list[RowResult]:
    """What became of each row, in the order of the file; the caller commits.

    `shows` is whether somebody is shown which referral each is, as whoever runs a command: that is a look.

    The transaction is one of the import's organisation. Every number is higher than the last one stored.
    Raises ImportTaken where somebody else has stored rows of the import meanwhile, or ended it: find it
    again and go on after its `last_row`. Raises Unavailable where the chunk is to be tried again.
    """
    driver = await driver_of(connection)
    counted = await hold_import(driver, import_)
    rows, standing = await hold_still(connection, import_, rows, deciding)
    drafts = [row for row in rows if isinstance(row, Draft)]
    firsts, stored = await store_firsts(driver, import_, first_of_each(drafts, standing))
    standing |= firsts
    await log_stored(connection, import_, stored, deciding)
    for draft in await follow_refusals(connection, import_, stored, deciding):
        standing[index_of(draft)] = replace(standing[index_of(draft)], named=False)
    results = results_of(rows, standing)
    await keep_results(driver, import_, rows, results, standing, deciding.keyring)
    if shows:
        # What this import stored stands in the log already.
        earlier = [one for one in results if one.outcome != "stored" and one.first_row is None]
        await log_shown(connection, import_, earlier, deciding.now)
    await count(driver, import_, counted, rows, results)
    return results
