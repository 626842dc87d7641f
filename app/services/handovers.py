"""Lists and finds handovers for the two sides that have one: who referred, and who receives."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.errors import NotFound
from app.models import Handover, Referral
from app.routing.facts import Consent
from app.routing.plain import facts_from
from app.services.clients import Client
from app.services.reading import OpenReferral
from app.services.resources import Plain, handover_resource, handover_summary
from app.services.sharing import may_share


async def list_handovers(
    connection: AsyncConnection,
    client: Client,
    *,
    status: str | None = None,
    team_id: str | None = None,
    municipality: str | None = None,
    flag: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[list[Plain], UUID | None]:
    """Summaries of the handovers the client may see, oldest first, and where the next page starts.

    `municipality` is the code of the responsible one.
    """
    wanted: list[ColumnElement[bool]] = []
    if status:
        wanted.append(Handover.status == status)
    if team_id:
        wanted.append(Handover.team_id == team_id)
    if municipality:
        wanted.append(Handover.responsible_municipality == municipality)
    if flag:
        wanted.append(Handover.flags.contains([flag]))
    if after:
        wanted.append(Handover.id > after)
    # Each side reads its own index in order; one condition with OR would read and sort both whole.
    sides = [_first(and_(side, *wanted), limit + 1) for side in (_referred_by(client), _received_by(client))]
    ids = union(*(select(side.subquery().c.id) for side in sides)).subquery()
    query = select(Handover).join(ids, ids.c.id == Handover.id).order_by(Handover.id).limit(limit + 1)
    rows = (await connection.execute(query)).mappings().all()
    page = rows[:limit]
    return [handover_summary(row) for row in page], page[-1]["id"] if len(rows) > limit else None


async def find_handover(connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID) -> Plain:
    """A handover with its own routes; raises NotFound for one the client may not see, and for none.

    The receiver also gets `student`, `referrer` and `reason`; they are null while a route of it
    waits for a consent that is not on record.
    """
    received = _received_by(client)
    seen = select(Handover, received.label("received"))
    query = seen.where(Handover.id == id, _referred_by(client) | received)
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound
    of_referral = select(Referral).where(Referral.id == row["referral_id"])
    referral = OpenReferral((await connection.execute(of_referral)).mappings().one(), keyring)
    receipt = (await referral.receipts(connection))[row["decision_version"]]
    found = handover_resource(row, receipt["decision"])
    if not row["received"]:
        return found
    consents = facts_from(receipt["facts"]).consents
    kind = row["team_kind"] or "access_desk"
    return {**found, **_person(referral, kind, found["routes"], consents)}


def _first(wanted: ColumnElement[bool], count: int) -> Select[UUID]:
    return select(Handover.id).where(wanted).order_by(Handover.id).limit(count)


def _referred_by(client: Client) -> ColumnElement[bool]:
    """The handovers of the referrals of the client's organisation, for its referrers."""
    if "referrer" not in client.roles:
        return false()
    return Handover.organisation_id == client.organisation_id


def _received_by(client: Client) -> ColumnElement[bool]:
    """What the client's organisation receives: all of it for its desk, for a team what is the team's.

    What waits for consent is not the receiver's yet.
    """
    if not client.roles & {"team", "desk"}:
        return false()
    received = and_(
        Handover.receiver_organisation_id == client.organisation_id, Handover.status != "needs_consent"
    )
    if "desk" in client.roles or client.team_ids is None:
        return received
    return and_(received, Handover.team_id.in_(client.team_ids))


def _person(referral: OpenReferral, kind: str, routes: list[Plain], consents: tuple[Consent, ...]) -> Plain:
    """Who it is about and why, once all consents for this kind of receiver are there (LAW 7.1).

    Where no rule was found for a route, nobody knows yet which consent it needs.
    """
    required = [route["consent"]["required"] if route["consent"] else None for route in routes]
    if not all(one and may_share(one, kind, consents) for one in required):
        return {"student": None, "referrer": None, "reason": None}
    identity = referral.identity
    return {"student": identity["student"], "referrer": identity["referrer"], "reason": referral.reason}
