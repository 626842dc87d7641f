"""What a client may read of what happened: its events in one order, and the history of a handover."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    func,
    literal,
    select,
    true,
    union,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import CursorGone, NotFound
from app.models import Event, EventAudience, Handover, Organisation
from app.services.clients import Client
from app.services.resources import Plain, moment
from app.services.sides import is_seen_by
from app.services.trail import concerns


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the feed: just after the event with this number, or before all of them.

    The id tells whether it is still the same event: a backup that is put back gives its numbers anew.
    """

    number: int
    id: UUID


START: Final = Place(0, UUID(int=0))


async def read_feed(
    connection: AsyncConnection, client: Client, *, after: Place = START, limit: int = 50
) -> tuple[list[Plain], Place, bool]:
    """The events that the client may see after a place, in the order of their numbers.

    Also the place after the last one, to go on from at any later time, and whether there is more now.
    Raises CursorGone where another event has the number now, or none.
    """
    await _check_place(connection, after)
    numbers = union(*(select(part.subquery()) for part in _parts(client, after.number, limit + 1))).subquery()
    query = (
        _EVENTS.join(numbers, numbers.c.number == Event.number).order_by(Event.number).limit(_of(limit + 1))
    )
    rows = (await connection.execute(query)).mappings().all()
    page = rows[:limit]
    following = Place(page[-1]["number"], page[-1]["id"]) if page else after
    return [_resource(row) for row in page], following, len(rows) > limit


async def read_history(
    connection: AsyncConnection,
    client: Client,
    handover_id: UUID,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[list[Plain], UUID | None]:
    """The events of a handover in the order in which they were written, and where the next page starts.

    The newest may have no number yet. Raises NotFound where the client may not see the handover.
    """
    seen = select(Handover.referral_id, Handover.organisation_id).where(
        Handover.id == handover_id, is_seen_by(client)
    )
    record = (await connection.execute(seen)).one_or_none()
    if record is None:
        raise NotFound
    concerns(*record, handover_id)
    query = _EVENTS.where(Event.handover_id == handover_id)
    if after:
        last = select(Event.written).where(Event.id == after, Event.handover_id == handover_id)
        query = query.where(Event.written > last.scalar_subquery())
    rows = (await connection.execute(query.order_by(Event.written).limit(_of(limit + 1)))).mappings().all()
    page = rows[:limit]
    return [_resource(row) for row in page], page[-1]["id"] if len(rows) > limit else None


_EVENTS: Final = select(Event, Organisation.kind, Organisation.code, Organisation.name).outerjoin_from(
    Event, Organisation, Organisation.id == Event.actor_organisation_id
)


async def _check_place(connection: AsyncConnection, place: Place) -> None:
    found = select(Event.id).where(Event.number == place.number)
    if place != START and (await connection.execute(found)).scalar_one_or_none() != place.id:
        raise CursorGone


def _parts(client: Client, after: int, count: int) -> Iterator[Select[Any]]:
    """The first numbers on each side that the client may see, each from an index that has just those.

    As with handovers: the referring side is the referrers', the receiving one its desk's and its teams',
    and the operator's is everything.
    """
    if "operator" in client.roles:
        yield select(Event.number).where(Event.number > after).order_by(Event.number).limit(_of(count))
        return
    own = EventAudience.organisation_id == client.organisation_id
    yield _first(after, count, _on("everybody"), EventAudience.organisation_id.is_(None))
    if "referrer" in client.roles:
        yield _first(after, count, _on("referrer"), own)
    if "desk" in client.roles:
        yield _first(after, count, _on("desk"), own)
    received = _on("receiver")
    if "desk" in client.roles or ("team" in client.roles and client.team_ids is None):
        yield _first(after, count, received, own)
    elif "team" in client.roles and client.team_ids:
        teams = func.unnest(literal(sorted(client.team_ids), ARRAY(Text))).table_valued("value")
        team = teams.render_derived()
        first = _first(after, count, received, own, EventAudience.team_id == team.c.value).lateral()
        yield select(first.c.number).select_from(team.join(first, true()))


def _first(after: int, count: int, *wanted: ColumnElement[bool]) -> Select[Any]:
    numbers = select(EventAudience.number).where(*wanted, EventAudience.number > after)
    return numbers.order_by(EventAudience.number).limit(_of(count))


def _on(side: str) -> ColumnElement[bool]:
    """Stands in the text of the statement: the planner must see whose index it may use."""
    return EventAudience.side == bindparam(None, side, literal_execute=True)


def _of(count: int) -> BindParameter[int]:
    """A count in the text of the statement: a plan for any count would read a tenth of the table."""
    return bindparam(None, count, type_=Integer, literal_execute=True)


def _resource(row: Mapping[Any, Any]) -> Plain:
    """An event as it is answered; `organisation` is who did it, null where the service did."""
    known = row["kind"] is not None
    return {
        "id": str(row["id"]),
        "number": row["number"],
        "type": row["type"],
        "at": moment(row["at"]),
        "organisation": {name: row[name] for name in ("kind", "code", "name")} if known else None,
        "role": row["role"],
        "referralId": row["referral_id"] and str(row["referral_id"]),
        "handoverId": row["handover_id"] and str(row["handover_id"]),
        "correlationId": row["correlation_id"],
    }
