"""Which handovers a client has to do with: as the referrer, the receiver, the desk or the operator."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, true

from app.models import Handover
from app.models.handover import STATUSES
from app.services.clients import Client
from app.services.lifecycle.table import ENDED

_ALL = frozenset(STATUSES)
# What waits for consent is nobody's yet but the referrer's.
_RECEIVED = _ALL - {"needs_consent"}
# Of what has ended its receiver sees ids and states, in a list (`lists_states`).
_TOLD = _RECEIVED - ENDED
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a handover has: the handovers of an organisation, in these states, of these teams.

    `team_ids` of None are all teams. `told` are the states in which a list tells whose task it is: who is not
    told that may not find it out by filtering either.
    """

    own: ColumnElement[bool]
    statuses: frozenset[str]
    team_ids: frozenset[str] | None = None
    told: frozenset[str] = _TOLD

    @property
    def condition(self) -> ColumnElement[bool]:
        """Whether a handover is one of this side."""
        mine = and_(self.own, Handover.status.in_(self.statuses))
        return mine if self.team_ids is None else and_(mine, Handover.team_id.in_(self.team_ids))


def sides_of(client: Client) -> Iterator[Side]:
    """The sides whose handovers are in the client's lists."""
    if "referrer" in client.roles:
        yield Side(Handover.organisation_id == client.organisation_id, _ALL, told=_ALL)
    if client.roles & {"team", "desk"}:
        team_ids = None if "desk" in client.roles else client.team_ids
        yield Side(Handover.receiver_organisation_id == client.organisation_id, _RECEIVED, team_ids)
    if "desk" in client.roles:
        elsewhere = Handover.desk_organisation_id.is_distinct_from(Handover.receiver_organisation_id)
        mine = and_(Handover.desk_organisation_id == client.organisation_id, elsewhere)
        yield Side(mine, _RECEIVED, told=_NOTHING if "operator" in client.roles else _TOLD)
        if municipality := responsible_for(client):
            unheld = and_(
                Handover.responsible_municipality == municipality, Handover.desk_organisation_id.is_(None)
            )
            yield Side(unheld, _RECEIVED)
    if "operator" in client.roles:
        yield Side(Handover.desk_organisation_id.is_(None), _ALL, told=_NOTHING)


def responsible_for(client: Client) -> str | None:
    """The code of the municipality whose desk the client is: what that is responsible for, it may reject."""
    at_desk = "desk" in client.roles and client.organisation_kind == "municipality"
    return client.organisation_code if at_desk else None


def is_seen_by(client: Client) -> ColumnElement[bool]:
    """Whether the client may see a handover at all, by its id."""
    if "operator" in client.roles:
        return true()
    conditions = [side.condition for side in sides_of(client)]
    if "desk" in client.roles:
        denied = Handover.denied_by.contains([client.organisation_id])
        conditions.append(and_(denied, Handover.flags.contains(["disputed"])))
    if municipality := responsible_for(client):
        mine = Handover.responsible_municipality == municipality
        conditions.append(and_(mine, Handover.status.in_(_RECEIVED)))
    return or_(false(), *conditions)
