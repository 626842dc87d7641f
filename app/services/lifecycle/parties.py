"""Who a client is to a handover: the actors of CONTRACT 5, from role and relation."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.services.clients import Client
from app.services.sides import responsible_for

Row = Mapping[Any, Any]


def actors_of(client: Client, row: Row) -> frozenset[str]:
    """As whom the client acts on this handover; empty where it has nothing to do with it."""
    return frozenset(_actors(client, row))


def _actors(client: Client, row: Row) -> Iterator[str]:
    own = client.organisation_id
    if own == row["organisation_id"] and "referrer" in client.roles:
        yield "referrer"
    if "operator" in client.roles:
        yield "operator"
    if row["status"] == "needs_consent":  # nobody else's yet
        return
    if "operator" in client.roles and row["desk_organisation_id"] is None:
        yield "desk"
    if own == row["receiver_organisation_id"] and _is_of_team(client, row):
        yield "team"
    if "desk" in client.roles:
        yield from _as_desk(client, row)


def _is_of_team(client: Client, row: Row) -> bool:
    """A derived desk is nobody's registered team: those at the desk are its team."""
    if row["team_kind"] is None:
        return False
    if row["team_kind"] == "access_desk" and "desk" in client.roles:
        return True
    return "team" in client.roles and (client.team_ids is None or row["team_id"] in client.team_ids)


def _as_desk(client: Client, row: Row) -> Iterator[str]:
    if client.organisation_id == row["desk_organisation_id"]:
        yield "desk"
    elif "disputed" in row["flags"] and client.organisation_id in row["denied_by"]:
        yield "other_desk"
    if row["responsible_municipality"] and responsible_for(client) == row["responsible_municipality"]:
        yield "municipality"
