"""Repeats what the ledger of erasures has and the database has not: an older backup was put back."""

import asyncio
from collections.abc import Iterator
from itertools import islice
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.erasure_ledger import Entry, ErasureLedger, Place
from app.models import ErasurePlace, Referral
from app.services.erasing import CONSENT_REFUSED, erase_again
from app.services.importing.forgetting import end_restored_uploads

READ_AT_ONCE: Final = 500


async def repeat_erasures(connection: AsyncConnection, ledger: ErasureLedger) -> int:
    """Goes through the next lines of the ledger, at most 500, and erases what is still whole.

    Returns how many lines. How far it has come is kept in the database itself, so that an older backup goes
    on from where it was. Raises LedgerBroken; what was whole before the broken line stays to be
    done: nothing is erased on the word of a file that cannot be trusted.
    """
    place = await _place(connection)
    read = await asyncio.to_thread(_read, ledger.entries(place))
    if not read:
        return 0
    ids = [entry.referral_id for entry, _ in read]
    there = select(Referral.id, Referral.erased_at).where(Referral.id.in_(ids))
    erased_at = {row.id: row.erased_at for row in await connection.execute(there)}
    for entry, _ in read:
        if entry.referral_id not in erased_at:
            await _end_uploads(connection, entry)
        elif erased_at[entry.referral_id] is None:
            await erase_again(connection, entry)
    place = read[-1][1]
    await connection.execute(update(ErasurePlace).values(bytes=place.bytes, mac=place.mac))
    return len(read)


async def _end_uploads(connection: AsyncConnection, entry: Entry) -> None:
    """A referral that was erased and is not there at all is from after the backup that was put back.

    Not where its own row refused: it may have been rolled back, and refuses again.
    """
    if entry.because != CONSENT_REFUSED:
        await end_restored_uploads(connection, entry.organisation_id, entry.at, entry.at)


async def _place(connection: AsyncConnection) -> Place:
    """How far this database has come, locked: one process at a time goes on from there."""
    first = insert(ErasurePlace).values(one=True, bytes=0, mac="")
    await connection.execute(first.on_conflict_do_nothing())
    row = await connection.execute(select(ErasurePlace.bytes, ErasurePlace.mac).with_for_update())
    return Place(*row.one())


def _read(entries: Iterator[tuple[Entry, Place]]) -> list[tuple[Entry, Place]]:
    return list(islice(entries, READ_AT_ONCE))
