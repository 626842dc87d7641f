"""What the referrer did with advice: marks an item, and lets the referral's status follow (CONTRACT 4)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.errors import NotFound
from app.services.clients import Client
from app.services.lifecycle.storing import Actor, Storing
from app.services.own_referrals import find_referral, open_referral
from app.services.resources import Plain


async def mark_advice(
    connection: AsyncConnection,
    client: Client,
    keyring: Keyring,
    referral_id: UUID,
    advice_id: UUID,
    status: str,
    *,
    correlation_id: str | None,
    today: date,
    now: datetime,
) -> Plain:
    """The referral with the item `done` or `not_needed`; the same once more changes nothing.

    The other word replaces an earlier one. Raises NotFound for a referral of another organisation, and
    for advice that is none of this referral's.
    """
    referral = await open_referral(connection, client, keyring, referral_id, lock=True)
    storing = await Storing.begin(connection, referral, now, today, correlation_id)
    if advice_id not in storing.advice:
        raise NotFound
    if storing.advice[advice_id]["status"] != status:
        await storing.change_advice(advice_id, status=status, handled_at=now)
        storing.tell("advice.done", Actor("referrer", client.organisation_id))
        await storing.close()
    return await find_referral(connection, client, keyring, referral_id, now)
