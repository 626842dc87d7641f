"""Tells those who held a person's data before that consent to it is gone (CONTRACT 5, LAW E-18)."""

from app.routing.facts import Consent
from app.routing.plain import facts_from
from app.services.lifecycle.own_routes import asked_consents
from app.services.lifecycle.storing import Actor, Row, Storing
from app.services.lifecycle.table import ENDED
from app.services.need_to_know import lost_consent
from app.services.sharing import is_refused


async def tell_holders(storing: Storing, actor: Actor) -> None:
    """`consent.changed` for each handover that had ended before and whose routes need a consent now refused.

    What ends by the refusal itself has an event of its own.
    """
    newest: int = {**storing.referral.row, **storing.columns}["decision_version"]
    before, consents = [
        facts_from((await storing.receipt(version))["facts"]).consents for version in (newest - 1, newest)
    ]
    for row in list(storing.handovers.values()):
        if not _held(row) or await _is_refused(storing, row, before):
            continue
        if await _is_refused(storing, row, consents):
            storing.tell("consent.changed", actor, row)


def _held(row: Row) -> bool:
    """Whether somebody was offered it, and it had ended for another reason."""
    was_offered = row["offered_at"] is not None and row["status"] in ENDED
    return was_offered and not lost_consent(row) and row["status"] != "entered_in_error"


async def _is_refused(storing: Storing, row: Row, consents: tuple[Consent, ...]) -> bool:
    decision = (await storing.receipt(row["decision_version"]))["decision"]
    return is_refused(asked_consents(row, decision), consents)
