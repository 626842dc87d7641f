"""What may have happened since the rows of a chunk were decided, and may not happen while they are stored."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.adapters.postgres import driver_of
from app.errors import ImportTaken
from app.services.deciding import Deciding
from app.services.directories import hold_directory
from app.services.fingerprints import source_reference_index
from app.services.importing.imports import Import
from app.services.importing.rows import Draft, Rejected, RowFault
from app.services.importing.verdicts import Standing, earlier_rows, index_of

Row = Draft | Rejected
ERASED: Final = RowFault(None, "reference.erased", "What stood under this reference was erased meanwhile.")
# A plan is kept for the next chunks: one that was made while the tables were small would read them whole when
# they are not.
_LOCK: Final = """
SELECT outcomes, summary, set_config('enable_seqscan', 'off', true) FROM import
 WHERE organisation_id = $1 AND id = $2 AND status = 'processing' AND last_row = $3 FOR NO KEY UPDATE
"""
_ERASED: Final = """
SELECT reference_index FROM import_erasure
 WHERE organisation_id = $1 AND import_id = $2 AND reference_index = ANY ($3)
"""
# Who erases locks the referral first: it waits for this chunk and then finds its rows, or the chunk finds
# nothing any more. In the order in which several are erased.
_HOLD: Final = """
SELECT FROM referral WHERE organisation_id = $1 AND source_reference_index = ANY ($2)
 ORDER BY id FOR KEY SHARE
"""


async def hold_import(driver: asyncpg.Connection, import_: Import) -> Mapping[str, Any]:
    """What the import has counted so far; until the transaction ends nobody else stores rows of it.

    Raises ImportTaken where somebody has meanwhile, or has ended it.
    """
    counted: Mapping[str, Any] | None = await driver.fetchrow(
        _LOCK, import_.organisation_id, import_.id, import_.last_row
    )
    if counted is None:
        raise ImportTaken
    return counted


async def hold_still(
    connection: AsyncConnection, import_: Import, rows: Sequence[Row], deciding: Deciding
) -> tuple[list[Row], Standing]:
    """Until the transaction ends no edition is published, and nothing under these references erased.

    What was decided with an earlier edition is marked to be looked at again. Returns the rows, rejected where
    what stood under their reference was erased since the import was begun, and what earlier chunks know.
    """
    driver = await driver_of(connection)
    _look_again(rows, await hold_directory(connection), deciding.today)
    by_row = _indexes(rows, import_, deciding.keyring)
    indexes = [index for index in by_row if index]
    await driver.execute(_HOLD, import_.organisation_id, indexes)
    standing = await earlier_rows(driver, import_, indexes)
    found = await driver.fetch(_ERASED, import_.organisation_id, import_.id, indexes)
    erased = {row["reference_index"] for row in found} - standing.keys()
    told = zip(rows, by_row, strict=True)
    return [_rejected(row) if index in erased else row for row, index in told], standing


def _look_again(rows: Sequence[Row], newest: int, today: date) -> None:
    """Whoever published the newest edition had what was stored looked at, and could not know of these."""
    for row in rows:
        if isinstance(row, Draft) and row.decision["directory_edition"] < newest:
            for handover in row.handovers:
                handover |= {"reassess_on": today, "clock_on": today}


def _indexes(rows: Sequence[Row], import_: Import, keyring: Keyring) -> list[bytes | None]:
    own = import_.organisation_id
    return [
        index_of(row) if isinstance(row, Draft) else source_reference_index(keyring, own, row.reference)
        for row in rows
    ]


def _rejected(row: Row) -> Rejected:
    """The reference of who was erased stands nowhere again."""
    return Rejected(row.number, None, row.faults if isinstance(row, Rejected) else (ERASED,))
