"""What a refusal leaves of the referrals of a chunk, as of one that is submitted alone."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.services.deciding import Deciding
from app.services.importing.imports import Import
from app.services.importing.rows import Draft
from app.services.own_referrals import open_referral
from app.services.refused import follow_refusal

_ERASED: Final = "SELECT id FROM referral WHERE id = ANY ($1) AND erased_at IS NOT NULL"


async def follow_refusals(
    connection: AsyncConnection, import_: Import, stored: Iterable[Draft], deciding: Deciding
) -> list[Draft]:
    """Ends what waits for somebody who has refused; returns those of which nothing is kept but that.

    One by one: they are few. A dry run stores nothing, so that there is nothing to end: the ledger of
    erasures cannot be rolled back.
    """
    refused = [draft for draft in stored if draft.refused]
    for draft in refused:
        id = draft.referral["id"]
        referral = await open_referral(connection, import_.client, deciding.keyring, id, lock=True)
        await follow_refusal(connection, referral, draft.refused, deciding, str(import_.id))
    if not refused:
        return []
    ids = [draft.referral["id"] for draft in refused]
    rows = await (await driver_of(connection)).fetch(_ERASED, ids)
    erased = {row["id"] for row in rows}
    return [draft for draft in refused if draft.referral["id"] in erased]
