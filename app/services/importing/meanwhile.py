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
from app.services.importing.rows import Draft, Rejected
from app.services.importing.verdicts import index_of

# A plan is kept for the next chunks: one that was made while the tables were small would read them whole when
# they are not.
_LOCK: Final = """
SELECT outcomes, summary, set_config('enable_seqscan', 'off', true) FROM import
 WHERE organisation_id = $1 AND id = $2 AND status = 'processing' AND last_row = $3 FOR NO KEY UPDATE
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
    connection: AsyncConnection, import_: Import, rows: Sequence[Draft | Rejected], deciding: Deciding
) -> list[bytes]:
    """Until the transaction ends no edition is published, and nothing under these references erased.

    What was decided with an earlier edition is marked to be looked at again. Returns the keyed index of each
    reference that a row names.
    """
    _look_again(rows, await hold_directory(connection), deciding.today)
    indexes = _indexes(rows, import_, deciding.keyring)
    await (await driver_of(connection)).execute(_HOLD, import_.organisation_id, indexes)
    return indexes


def _look_again(rows: Sequence[Draft | Rejected], newest: int, today: date) -> None:
    """Whoever published the newest edition had what was stored looked at, and could not know of these."""
    for row in rows:
        if isinstance(row, Draft) and row.decision["directory_edition"] < newest:
            for handover in row.handovers:
                handover |= {"reassess_on": today, "clock_on": today}


def _indexes(rows: Sequence[Draft | Rejected], import_: Import, keyring: Keyring) -> list[bytes]:
    own = import_.organisation_id
    told = (
        index_of(row) if isinstance(row, Draft) else source_reference_index(keyring, own, row.reference)
        for row in rows
    )
    return list({index for index in told if index})
