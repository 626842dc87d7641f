"""Stored rows to the resources of CONTRACT 4; the same shapes for what was stored now and long ago."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

Plain = dict[str, Any]
Row = Mapping[Any, Any]  # of the database, by column name


def moment(at: datetime) -> str:
    """A moment as RFC 3339 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def referral_summary(row: Row, source_reference: str | None) -> Plain:
    """A referral as lists show it: without its decision, handovers and advice."""
    return {
        "id": str(row["id"]),
        "status": row["status"],
        "createdAt": moment(row["created_at"]),
        "sourceReference": source_reference,
        "decisionVersion": row["decision_version"],
    }


def referral_resource(
    row: Row,
    source_reference: str | None,
    decisions: Mapping[int, Plain],
    handovers: Iterable[Row],
    advice: Iterable[Row],
) -> Plain:
    """A referral as its own organisation sees it; `decisions` by version."""
    return {
        **referral_summary(row, source_reference),
        "decision": decisions[row["decision_version"]],
        "handovers": [handover_resource(item, decisions[item["decision_version"]]) for item in handovers],
        "advice": [advice_resource(item, decisions[item["decision_version"]]) for item in advice],
    }


def handover_summary(row: Row) -> Plain:
    """A handover as lists show it: what is in plain columns, nobody's name.

    `availableActions` lists what this release can carry out: there is no call for transitions yet.
    """
    team = {"teamId": row["team_id"], "kind": row["team_kind"], "name": row["team_name"]}
    return {
        "id": str(row["id"]),
        "referralId": str(row["referral_id"]),
        "status": row["status"],
        "lead": row["lead"],
        "version": row["version"],
        "createdAt": moment(row["created_at"]),
        "offeredAt": moment(row["offered_at"]) if row["offered_at"] else None,
        "team": team if row["team_kind"] else None,
        "responsibleMunicipality": row["responsible_municipality"],
        "provisions": list(row["provisions"]),
        "deadlines": row["deadlines"],
        "flags": list(row["flags"]),
        "deliveryStatus": row["delivery_status"],
        "precededBy": str(row["preceded_by"]) if row["preceded_by"] else None,
        "succeededBy": str(row["succeeded_by"]) if row["succeeded_by"] else None,
        "availableActions": [],
    }


def handover_resource(row: Row, decision: Plain) -> Plain:
    """A handover with its own routes of the decision it was made from."""
    routes = [decision["routes"][position] for position in row["route_positions"]]
    return {**handover_summary(row), "routes": routes}


def advice_resource(row: Row, decision: Plain) -> Plain:
    """An advice item with the problem domains of its routes."""
    domains = (decision["routes"][position]["problemDomain"] for position in row["route_positions"])
    return {
        "id": str(row["id"]),
        "channel": row["channel"],
        "kind": row["kind"],
        "role": row["role"],
        "problemDomains": list(dict.fromkeys(domains)),
        "due": row["due"].isoformat() if row["due"] else None,
        "status": row["status"],
    }
