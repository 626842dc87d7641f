"""Advice and refusal: nobody is to go where consent was refused (LAW E-17, E-18)."""

from app.routing.facts import Consent
from app.routing.plain import facts_from
from app.services.handing_over import HANDED_OVER
from app.services.lifecycle.own_routes import Plain, required_consents
from app.services.lifecycle.storing import Storing
from app.services.sharing import is_refused


async def end_refused_advice(storing: Storing, consents: tuple[Consent, ...]) -> None:
    """Open advice that a consent now refused is needed for is not needed: also what followed a rejection."""
    for id, row in list(storing.advice.items()):
        decision = (await storing.receipt(row["decision_version"]))["decision"]
        asked = [(required, row["kind"]) for required in required_consents(row, decision)]
        if row["status"] == "open" and is_refused(asked, consents):
            await storing.change_advice(id, status="not_needed", handled_at=storing.now)


async def is_all_advice_refused(storing: Storing) -> bool:
    """Whether the newest decision has somebody to go to, and consent for each of those was refused."""
    newest: int = {**storing.referral.row, **storing.columns}["decision_version"]
    receipt = await storing.receipt(newest)
    return is_every_adviser_refused(receipt["decision"], facts_from(receipt["facts"]).consents)


def is_every_adviser_refused(decision: Plain, consents: tuple[Consent, ...]) -> bool:
    """Whether a decision has somebody to go to, and consent for each of those was refused."""
    asked = [
        (route["consent"]["required"], one["kind"])
        for route in decision["routes"]
        for one in route["receivers"]
        if route["outcome"] == "routed" and one["role"] in HANDED_OVER and one["channel"] != "handover"
    ]
    return bool(asked) and all(is_refused([one], consents) for one in asked)
