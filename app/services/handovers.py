"""Lists handovers for the sides that have one: who referred, who receives, whose desk decides."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
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

from app.models import Handover
from app.services.clients import Client
from app.services.lifecycle.parties import actors_of
from app.services.need_to_know import lists_states
from app.services.resources import Plain, Row, handover_states, handover_summary
from app.services.sides import Side, sides_of


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

    Of what has ended, only its referrer gets more than ids and states.

    `municipality` is the code of the responsible one; it finds what the client is told that of.
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
    if municipality:
        sides = [replace(side, statuses=side.statuses & side.told) for side in sides]
    found = union(*(_first(side, status, team_id, wanted, limit + 1) for side in sides)).subquery()
    # Cut before the rows are read: each state has given its first ones.
    ids = select(found.c.id).order_by(found.c.id).limit(limit + 1).subquery()
    query = select(Handover).join(ids, ids.c.id == Handover.id).order_by(Handover.id)
    rows = (await connection.execute(query)).mappings().all()
    page = rows[:limit]
    items = [_listed(row, actors_of(client, row), now) for row in page]
    return items, page[-1]["id"] if len(rows) > limit else None


def _listed(row: Row, actors: frozenset[str], now: datetime) -> Plain:
    shown = handover_states if lists_states(row, actors, now) else handover_summary
    return shown(row, actors, now)


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
