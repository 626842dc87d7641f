"""Stored rows to the resources of CONTRACT 4; the same shapes for what was stored now and long ago."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from app.services.clients import Client
from app.services.lifecycle.parties import actors_of
from app.services.lifecycle.table import available_actions
from app.services.trail import concerns

Plain = dict[str, Any]
Row = Mapping[Any, Any]  # of the database, by column name


def moment(at: datetime) -> str:
    """A moment as RFC 3339 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_or_none(at: datetime | None) -> str | None:
    """The same, where there may be none."""
    return moment(at) if at else None


def referral_summary(row: Row, source_reference: str | None) -> Plain:
    """A referral as lists show it: without its decision, handovers and advice."""
    return {
        "id": str(row["id"]),
        "status": row["status"],
        "createdAt": moment(row["created_at"]),
        "sourceReference": source_reference,
        "decisionVersion": row["decision_version"],
        "erasedAt": moment_or_none(row["erased_at"]),
    }


def referral_resource(
    row: Row,
    source_reference: str | None,
    decisions: Mapping[int, Plain],
    handovers: Iterable[Row],
    advice: Iterable[Row],
    client: Client,
    now: datetime,
) -> Plain:
    """A referral as its own organisation sees it; `decisions` by version, none where it was erased.

    A row of `handovers` has under `said` the notes of its steps.
    """
    return {
        **referral_summary(row, source_reference),
        "decision": decisions.get(row["decision_version"]),
        "handovers": [
            {
                **handover_resource(
                    item, decisions.get(item["decision_version"]), actors_of(client, item), now
                ),
                "notes": item.get("said", []),
            }
            for item in handovers
        ],
        "advice": [advice_resource(item, decisions.get(item["decision_version"])) for item in advice],
    }


def handover_summary(row: Row, actors: frozenset[str], now: datetime) -> Plain:
    """A handover as lists show it: what is in plain columns, nobody's name.

    `availableActions` are those of the actors that the client is to it (CONTRACT 5). Whoever is shown it
    looks at a person, without a name too: by which law somebody is helped is about him.
    """
    concerns(row["referral_id"], row["organisation_id"], row["id"])
    return {
        "id": str(row["id"]),
        "referralId": str(row["referral_id"]),
        "status": row["status"],
        "lead": row["lead"],
        "version": row["version"],
        "createdAt": moment(row["created_at"]),
        "offeredAt": moment_or_none(row["offered_at"]),
        "team": team_reference(row),
        "responsibleMunicipality": row["responsible_municipality"],
        "provisions": list(row["provisions"]),
        "deadlines": [{"kind": one["kind"], "due": one["due"]} for one in row["deadlines"]],
        "flags": list(row["flags"]),
        "deliveryStatus": row["delivery_status"],
        "precededBy": str(row["preceded_by"]) if row["preceded_by"] else None,
        "succeededBy": str(row["succeeded_by"]) if row["succeeded_by"] else None,
        "succeededByAdvice": str(row["succeeded_by_advice"]) if row["succeeded_by_advice"] else None,
        "firstContactOn": row["first_contact_on"].isoformat() if row["first_contact_on"] else None,
        "expectedOn": row["expected_on"].isoformat() if row["expected_on"] else None,
        "statusReason": row["reason"],
        "outcome": row["outcome"],
        "erasedAt": moment_or_none(row["erased_at"]),
        "availableActions": available_actions(row, actors, now),
    }


def handover_states(row: Row, actors: frozenset[str], now: datetime) -> Plain:
    """A handover for who needs to know of nobody: ids and states, not by which law or whose task."""
    return {**handover_summary(row, actors, now), "responsibleMunicipality": None, "provisions": []}


def team_reference(row: Row) -> Plain | None:
    """The team of a handover; None where it lies at the desk."""
    team = {"teamId": row["team_id"], "kind": row["team_kind"], "name": row["team_name"]}
    return team if row["team_kind"] else None


def handover_resource(row: Row, decision: Plain | None, actors: frozenset[str], now: datetime) -> Plain:
    """A handover with its own routes of the decision it was made from.

    Without them, where it was an error, or where the decision was erased.
    """
    positions = [] if row["status"] == "entered_in_error" else row["route_positions"]
    routes = [decision["routes"][position] for position in positions] if decision else []
    return {**handover_summary(row, actors, now), "routes": routes}


def advice_resource(row: Row, decision: Plain | None) -> Plain:
    """An advice item with the problem domains of its routes; none where the decision was erased."""
    routes = decision["routes"] if decision else []
    domains = (routes[position]["problemDomain"] for position in row["route_positions"] if routes)
    return {
        "id": str(row["id"]),
        "channel": row["channel"],
        "kind": row["kind"],
        "role": row["role"],
        "problemDomains": list(dict.fromkeys(domains)),
        "due": row["due"].isoformat() if row["due"] else None,
        "status": row["status"],
        "precededBy": str(row["preceded_by"]) if row["preceded_by"] else None,
        "municipality": row["municipality"],
    }
