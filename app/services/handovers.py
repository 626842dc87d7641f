"""Lists and finds handovers for the two sides that have one: who referred, and who receives."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    TableValuedAlias,
    Text,
    and_,
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
from app.models.handover import STATUSES
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
    if municipality:
        wanted.append(Handover.responsible_municipality == municipality)
    if flag:
        # Written into the statement: the planner must see whose index it may use.
        wanted.append(Handover.flags.contains(bindparam(None, [flag], literal_execute=True)))
    if after:
        wanted.append(Handover.id > after)
    sides = (_referred_by(client), _received_by(client))
    ids = union(*(_first(side, status, team_id, wanted, limit + 1) for side in sides)).subquery()
    query = select(Handover).join(ids, ids.c.id == Handover.id).order_by(Handover.id).limit(limit + 1)
    rows = (await connection.execute(query)).mappings().all()
    page = rows[:limit]
    return [handover_summary(row) for row in page], page[-1]["id"] if len(rows) > limit else None


async def find_handover(connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID) -> Plain:
    """A handover with its own routes; raises NotFound for one the client may not see, and for none.

    The receiver also gets `student`, `referrer` and `reason`; they are null while a route of it
    waits for a consent that is not on record.
    """
    received = _received_by(client).condition
    seen = select(Handover, received.label("received"))
    query = seen.where(Handover.id == id, _referred_by(client).condition | received)
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


@dataclass(frozen=True, slots=True)
class _Side:
    """What one side of a handover has: the handovers of an organisation, in these states, of these teams.

    `team_ids` of None are all teams; without states it has nothing.
    """

    own: ColumnElement[bool]
    statuses: frozenset[str]
    team_ids: frozenset[str] | None

    @property
    def condition(self) -> ColumnElement[bool]:
        """Whether a handover is one of this side."""
        mine = and_(self.own, Handover.status.in_(self.statuses))
        return mine if self.team_ids is None else and_(mine, Handover.team_id.in_(self.team_ids))


def _referred_by(client: Client) -> _Side:
    """The handovers of the referrals of the client's organisation, for its referrers."""
    statuses = frozenset(STATUSES if "referrer" in client.roles else ())
    return _Side(Handover.organisation_id == client.organisation_id, statuses, None)


def _received_by(client: Client) -> _Side:
    """What the client's organisation receives: all of it for its desk, for a team what is the team's.

    What waits for consent is not the receiver's yet.
    """
    receives = client.roles & {"team", "desk"}
    statuses = frozenset(STATUSES if receives else ()) - {"needs_consent"}
    team_ids = None if "desk" in client.roles else client.team_ids
    return _Side(Handover.receiver_organisation_id == client.organisation_id, statuses, team_ids)


def _first(
    side: _Side, status: str | None, team_id: str | None, wanted: list[ColumnElement[bool]], count: int
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


def _person(referral: OpenReferral, kind: str, routes: list[Plain], consents: tuple[Consent, ...]) -> Plain:
    """Who it is about and why, once all consents for this kind of receiver are there (LAW 7.1).

    Where no rule was found for a route, nobody knows yet which consent it needs.
    """
    required = [route["consent"]["required"] if route["consent"] else None for route in routes]
    if not all(one and may_share(one, kind, consents) for one in required):
        return {"student": None, "referrer": None, "reason": None}
    identity = referral.identity
    return {"student": identity["student"], "referrer": identity["referrer"], "reason": referral.reason}
