"""One handover as each of its sides may see it: who referred, who receives, whose desk decides."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.errors import NotFound
from app.models import Handover, Referral
from app.services.clients import Client
from app.services.lifecycle.parties import actors_of
from app.services.need_to_know import SEES_OWN_TASK, known_as, lost_consent_since, sees_states
from app.services.opened_referral import seen_handover
from app.services.reading import OpenReferral
from app.services.resources import Plain, handover_resource, handover_states, handover_summary
from app.services.seen_person import seen_person


async def find_handover(
    connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID, now: datetime
) -> Plain:
    """A handover with its own routes; raises NotFound for one the client may not see, and for none.

    Who receives it or decides over it also gets `student`, `referrer`, `reason` and `notes`, as long as it
    needs to know; they are null while a route of it waits for a consent that is not on record. Once it knows
    who, the municipality that is responsible gets `samePerson`; where another's desk decides, its own routes
    alone. Ids and states alone are for the operator, for a receiver or desk that has no more to do with it,
    and for everybody but the referrer once consent was withdrawn; of what was erased nobody gets more.
    """
    row = (await connection.execute(seen_handover(client, id))).mappings().one_or_none()
    if row is None:
        raise NotFound
    actors = actors_of(client, row)
    states = {**handover_states(row, actors, now), "routes": []}
    if sees_states(row, actors, now):
        return states
    if row["status"] == "entered_in_error" or row["erased_at"]:
        return {**handover_summary(row, actors, now), "routes": []}
    of_referral = select(Referral).where(Referral.id == row["referral_id"])
    referral = OpenReferral((await connection.execute(of_referral)).mappings().one(), keyring)
    receipts = await referral.receipts(connection)
    if "referrer" not in actors and lost_consent_since(row, receipts, referral.row["decision_version"]):
        return states
    found = handover_resource(row, receipts[row["decision_version"]]["decision"], actors, now)
    if kinds := known_as(client, row, now):
        return {**found, **await seen_person(connection, client, referral, row, receipts, kinds)}
    if actors == SEES_OWN_TASK:
        return {**found, "routes": [route for route in found["routes"] if _is_task_of(client, route)]}
    return {**found, "notes": referral.notes(row)} if "referrer" in actors else found


def _is_task_of(client: Client, route: Plain) -> bool:
    """Whether the client's municipality is the one that is responsible for a route."""
    municipality = (route["responsible"] or {}).get("municipality")
    return municipality is not None and municipality["code"] == client.organisation_code


async def find_handover_after(
    connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID, now: datetime
) -> Plain:
    """A handover after a step of the client; of one that is with somebody else now, its states alone."""
    try:
        return await find_handover(connection, client, keyring, id, now)
    except NotFound:
        found = await connection.execute(select(Handover).where(Handover.id == id))
        row = found.mappings().one()
        return {**handover_states(row, frozenset(), now), "routes": []}
