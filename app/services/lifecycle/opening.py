"""Opens a handover for a step: found, its referral locked, a repetition known, the version the client's."""

from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import NotFound
from app.models import Referral
from app.services.clients import Client
from app.services.deciding import Deciding
from app.services.lifecycle.storing import Storing
from app.services.lifecycle.work import Asked
from app.services.opened_referral import seen_handover
from app.services.reading import OpenReferral
from app.services.repeats import ClaimedKey, claim_key, claimed_key, is_repeated


async def open_handover(
    connection: AsyncConnection,
    client: Client,
    id: UUID,
    asked: Asked,
    deciding: Deciding,
    correlation_id: str | None,
) -> Storing | None:
    """The change in the making; None where the same request was answered before.

    That was answered also where the step took the handover out of the client's sight. Raises NotFound for a
    handover that the client may not see, VersionRequired, VersionDiffers and IdempotencyKeyReused.
    """
    row = await _locked(connection, client, id)
    claimed = _claimed(client, id, asked, deciding)
    if row is None:
        if claimed and await is_repeated(connection, client, claimed, deciding.now):
            return None
        raise NotFound
    if claimed and not await claim_key(connection, client, claimed, row["id"], deciding.now):
        return None
    referral = OpenReferral(row, deciding.keyring)
    storing = await Storing.begin(connection, referral, deciding.now, deciding.today, correlation_id)
    asked.said.check(str(storing.handovers[id]["version"]))
    return storing


def _claimed(client: Client, id: UUID, asked: Asked, deciding: Deciding) -> ClaimedKey | None:
    if not asked.key:
        return None
    path = f"/v1/handovers/{id}/transitions"
    return claimed_key(deciding.keyring, client.organisation_id, asked.key, path, asked.content)


async def _locked(connection: AsyncConnection, client: Client, id: UUID) -> RowMapping | None:
    """The referral of a handover, locked before anything of it is read; None where the client sees none."""
    # A statement of its own: what it opens, the next one sees.
    handover = (await connection.execute(seen_handover(client, id))).mappings().one_or_none()
    if handover is None:
        return None
    query = select(Referral).where(Referral.id == handover["referral_id"]).with_for_update()
    return (await connection.execute(query)).mappings().one_or_none()
