"""Opens a handover for a step: found, its referral locked, a repetition known, the version the client's."""

from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import NotFound
from app.models import Handover, Referral
from app.services.clients import Client
from app.services.deciding import Deciding
from app.services.lifecycle.storing import Storing
from app.services.lifecycle.work import Asked
from app.services.reading import OpenReferral
from app.services.repeats import claim_key, claimed_key
from app.services.sides import is_seen_by


async def open_handover(
    connection: AsyncConnection,
    client: Client,
    id: UUID,
    asked: Asked,
    deciding: Deciding,
    correlation_id: str | None,
) -> Storing | None:
    """The change in the making; None where the same request was answered before.

    Raises NotFound for a handover that the client may not see, VersionRequired, VersionDiffers and
    IdempotencyKeyReused.
    """
    referral = OpenReferral(await _locked(connection, client, id), deciding.keyring)
    if asked.key:
        path = f"/v1/handovers/{id}/transitions"
        claimed = claimed_key(deciding.keyring, client.organisation_id, asked.key, path, asked.content)
        if not await claim_key(connection, client, claimed, referral.row["id"], deciding.now):
            return None
    storing = await Storing.begin(connection, referral, deciding.now, deciding.today, correlation_id)
    asked.said.check(str(storing.handovers[id]["version"]))
    return storing


async def _locked(connection: AsyncConnection, client: Client, id: UUID) -> RowMapping:
    """The referral of a handover that the client may see, locked before anything of it is read."""
    seen = select(Handover.referral_id).where(Handover.id == id, is_seen_by(client)).scalar_subquery()
    query = select(Referral).where(Referral.id == seen).with_for_update()
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound
    return row
