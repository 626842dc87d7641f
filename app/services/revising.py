"""New facts or consents to a stored referral: decides anew, and hands over what changed (CONTRACT 4)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.clients import Client
from app.services.consent_told import tell_holders
from app.services.deciding import Deciding, Revising
from app.services.deciding_anew import decide_anew
from app.services.lifecycle.storing import Actor, Storing
from app.services.own_referrals import find_referral, open_referral
from app.services.refused import erase_if_refused
from app.services.resources import Plain

__all__ = ["Revising", "revise"]


async def revise(
    connection: AsyncConnection,
    client: Client,
    id: UUID,
    revising: Revising,
    deciding: Deciding,
    correlation_id: str | None,
) -> Plain:
    """The referral as it is afterwards; the same facts again change nothing.

    Makes the next version of the decision, with the facts as they are now, and keeps all earlier
    ones. Raises NotFound for a referral of another organisation and for none.
    """
    referral = await open_referral(connection, client, deciding.keyring, id, lock=True)
    storing = await Storing.begin(connection, referral, deciding.now, deciding.today, correlation_id)
    actor = Actor("referrer", client.organisation_id)
    if await decide_anew(storing, revising, deciding, actor) and revising.event == "consent.changed":
        await tell_holders(storing, actor)
    await storing.close()
    if revising.event == "consent.changed":
        await erase_if_refused(storing, deciding.ledger, actor)
    return await find_referral(connection, client, deciding.keyring, id, deciding.now)
