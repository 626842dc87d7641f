"""Lists and finds handovers for the sides that have one: who referred, who receives, whose desk decides."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    TableValuedAlias,
    Text,
    bindparam,
    func,
    literal,
    select,
    union,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.errors import NotFound
from app.models import Handover, Referral
from app.services.clients import Client
from app.services.lifecycle.parties import actors_of
from app.services.reading import OpenReferral
from app.services.resources import Plain, Row, handover_resource, handover_summary
from app.services.same_person import same_person
from app.services.seen_person import seen_person
from app.services.sides import Side, is_seen_by, sides_of

# Ids and states only (CONTRACT 5): the operator acts for a desk, and needs to know of nobody.
_SEES_STATES: Final = (frozenset({"operator"}), frozenset({"operator", "desk"}))


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
    now: datetime,
) -> tuple[list[Plain], UUID | None]:
    """Summaries of the handovers the client may see, oldest first, and where the next page starts.

    `municipality` is the code of the responsible one.
    """
    wanted: list[ColumnElement[bool]] = []
    if municipality:
        wanted.append(Handover.responsible_municipality == municipality)
    if flag:
        # Written into the statement: the planner must see whose index it may use.
        wanted.append(Handover.flags.contains(bindparam(None, [flag], literal_execute=True)))
    if after:
        wanted.append(Handover.id > after)
    sides = list(sides_of(client))
    if not sides:
        return [], None
    found = union(*(_first(side, status, team_id, wanted, limit + 1) for side in sides)).subquery()
    # Cut before the rows are read: each state has given its first ones.
    ids = select(found.c.id).order_by(found.c.id).limit(limit + 1).subquery()
    query = select(Handover).join(ids, ids.c.id == Handover.id).order_by(Handover.id)
    rows = (await connection.execute(query)).mappings().all()
    page = rows[:limit]
    items = [handover_summary(row, actors_of(client, row), now) for row in page]
    return items, page[-1]["id"] if len(rows) > limit else None


async def find_handover(
    connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID, now: datetime
) -> Plain:
    """A handover with its own routes; raises NotFound for one the client may not see, and for none.

    Who receives it or decides over it also gets `student`, `referrer`, `reason` and `notes`; they are null
    while a route of it waits for a consent that is not on record. Once it knows who, the municipality
    that is responsible gets `samePerson`. The operator gets no routes.
    """
    query = select(Handover).where(Handover.id == id, is_seen_by(client))
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound
    actors = actors_of(client, row)
    if row["status"] == "entered_in_error" or actors in _SEES_STATES:
        return {**handover_summary(row, actors, now), "routes": []}
    of_referral = select(Referral).where(Referral.id == row["referral_id"])
    referral = OpenReferral((await connection.execute(of_referral)).mappings().one(), keyring)
    receipts = await referral.receipts(connection)
    found = handover_resource(row, receipts[row["decision_version"]]["decision"], actors, now)
    if kinds := _kinds_of(client, row):
        person = seen_person(referral, row, receipts, kinds)
        known = person["student"] is not None
        links = await same_person(connection, client, row, is_seen_by(client)) if known else {}
        return {**found, **person, **links}
    return {**found, "notes": referral.notes(row)} if "referrer" in actors else found


def _kinds_of(client: Client, row: Row) -> tuple[str, ...]:
    """As which kinds of receiver the client may know who it is about; none where it only referred.

    A desk that decides over what another organisation received needs a consent of its own (LAW 7.1, E-16).
    """
    if row["status"] == "needs_consent" or client.roles.isdisjoint(("team", "desk")):
        return ()
    kind = row["team_kind"] or "access_desk"
    if client.organisation_id == row["receiver_organisation_id"]:
        return (kind,)
    return (kind, "access_desk") if client.organisation_id == row["desk_organisation_id"] else ()


async def find_handover_after(
    connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID, now: datetime
) -> Plain:
    """A handover after a step of the client; of one that is with somebody else now, its states alone."""
    try:
        return await find_handover(connection, client, keyring, id, now)
    except NotFound:
        found = await connection.execute(select(Handover).where(Handover.id == id))
        row = found.mappings().one()
        return {**handover_summary(row, frozenset(), now), "routes": []}


def _first(
    side: Side, status: str | None, team_id: str | None, wanted: list[ColumnElement[bool]], count: int
) -> Select[UUID]:
    """The first identifiers of a side's list.

    Each state, and each team where it is about teams, is looked through on its own: an index gives just
    those in order. Looked through together, all that is there would be read to find the few.
    """
    statuses = side.statuses if status is None else side.statuses & {status}
    teams = side.team_ids
    if team_id is not None:
        teams = frozenset({team_id}) if teams is None else teams & {team_id}
    each = [_each(statuses)]
    wanted = [side.own, Handover.status == each[0].c.value, *wanted]
    if teams is not None:
        each.append(_each(teams))
        wanted.append(Handover.team_id == each[1].c.value)
    found = select(Handover.id).where(*wanted).order_by(Handover.id).limit(count).lateral()
    return select(found.c.id).select_from(*each, found)


def _each(values: AbstractSet[str]) -> TableValuedAlias:
    return func.unnest(literal(sorted(values), ARRAY(Text))).table_valued("value").render_derived()
