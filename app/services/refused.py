"""What a refusal leaves: where nobody was told anything yet, the fact of the talk alone (LAW E-17, E-18)."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.erasure_ledger import ErasureLedger
from app.routing.facts import Consent
from app.services.deciding import Deciding
from app.services.erasing import erase_referral
from app.services.lifecycle.own_routes import Plain, asked_consents
from app.services.lifecycle.storing import Actor, Row, Storing
from app.services.need_to_know import lost_consent
from app.services.reading import OpenReferral
from app.services.refused_advice import is_all_advice_refused
from app.services.sharing import is_refused


def has_refused(consents: tuple[Consent, ...]) -> bool:
    """Whether any of these words is a refusal: then something may end at once."""
    return any(consent.refused for consent in consents)


def ends_at_once(row: Row, decision: Plain, consents: tuple[Consent, ...]) -> bool:
    """Whether a new handover, of this decision, waits for the consent of somebody who has refused it."""
    return row["status"] == "needs_consent" and is_refused(asked_consents(row, decision), consents)


async def follow_refusal(
    connection: AsyncConnection,
    referral: OpenReferral,
    consents: tuple[Consent, ...],
    deciding: Deciding,
    told_by: str | None,
) -> None:
    """Somebody had refused before a new referral was sent: what waits for them ends at once."""
    storing = await Storing.begin(connection, referral, deciding.now, deciding.today, told_by)
    for handover, row in list(storing.handovers.items()):
        decision = (await storing.receipt(row["decision_version"]))["decision"]
        if ends_at_once(row, decision, consents):
            await storing.change(handover, status="withdrawn", reason="consent_withdrawn")
    await storing.close()
    await erase_if_refused(storing, deciding.ledger, Actor("referrer", referral.row["organisation_id"]))


async def erase_if_refused(storing: Storing, ledger: ErasureLedger, actor: Actor) -> None:
    """Destroys identity, free text and facts where all ended for want of consent and nothing was offered.

    Whatever somebody was offered or advised before stays with the school for its term, hidden from who had
    it, and so does advice that needs no consent (E-09 to E-13). Last of all that a request does: what the
    ledger has is done.
    """
    handovers = storing.handovers.values()
    ended = all(lost_consent(row) and _never_offered(row) for row in handovers)
    advised = any(item["status"] != "not_needed" for item in storing.advice.values())
    if ended and not advised and (handovers or await is_all_advice_refused(storing)):
        id = storing.referral.row["id"]
        await erase_referral(storing.connection, ledger, id, storing.now, "consent_refused", actor)


def _never_offered(row: Row) -> bool:
    return row["offered_at"] is None and row["acknowledged_at"] is None
