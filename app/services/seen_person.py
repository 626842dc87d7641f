"""Who a handover is about, and why, as far as its receiver may know (LAW 7.1)."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.routing.plain import facts_from
from app.services.clients import Client
from app.services.lifecycle.own_routes import known_requirements
from app.services.reading import OpenReferral
from app.services.resources import Plain, Row
from app.services.same_person import same_person
from app.services.sharing import may_share_all
from app.services.sides import is_seen_by


async def seen_person(
    connection: AsyncConnection,
    client: Client,
    referral: OpenReferral,
    row: Row,
    receipts: dict[int, Plain],
    kinds: tuple[str, ...],
) -> Plain:
    """Who it is about and why, once all consents for these kinds of receiver are there (LAW 7.1).

    Then also what else the municipality has open for the same person. Where no rule was found for a route,
    the desk sees nobody before it has chosen a team.
    """
    decision = receipts[row["decision_version"]]["decision"]
    consents = facts_from(receipts[referral.row["decision_version"]]["facts"]).consents
    required = known_requirements(row, decision)
    if not all(may_share_all(required, kind, consents) for kind in kinds):
        return {"student": None, "referrer": None, "reason": None, "notes": None}
    identity = referral.identity
    return {
        "student": identity["student"],
        "referrer": identity["referrer"],
        "reason": referral.reason,
        "notes": referral.notes(row),
        **await same_person(connection, client, row, is_seen_by(client)),
    }
