"""Makes the handover or advice that follows another one, with lineage both ways (CONTRACT 5)."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.adapters.identifiers import new_ids
from app.routing.decision import Receiver
from app.routing.directory import TeamTerms
from app.routing.plain import facts_from
from app.services.lifecycle.clocks import terms_of
from app.services.lifecycle.own_routes import offered_terms, required_consents
from app.services.lifecycle.placing import Advised
from app.services.lifecycle.storing import Actor, Row, Storing
from app.services.sharing import may_share_all

_ADVICE_WITHIN: Final = timedelta(days=8)  # F-10

# What a handover hands on to the one that follows it.
_INHERITED: Final = (
    "decision_version",
    "lead",
    "provisions",
    "problem_domains",
    "route_positions",
    "bounces",
    "reassess_on",
)


async def placed_at(
    storing: Storing, row: Row, receiver: Receiver, organisation: UUID | None, terms: TeamTerms
) -> Row:
    """The columns of a handover that a person places at a team: offered, or waiting for consent (LAW 7.1)."""
    receipt = await storing.receipt(row["decision_version"])
    kind = "access_desk" if receiver.derived else receiver.kind
    consents = facts_from((await storing.receipt(storing.referral.row["decision_version"]))["facts"]).consents
    shared = may_share_all(required_consents(row, receipt["decision"]), kind, consents)
    status = "offered" if shared else "needs_consent"
    offered = offered_terms(row, receipt["decision"], storing.today, terms) if shared else []
    return {
        "status": status,
        "team_id": receiver.team_id,
        "team_kind": kind,
        "team_name": receiver.name,
        "receiver_organisation_id": organisation,
        "offered_at": storing.now if shared else None,
        "deadlines": offered if shared else terms_of(status, (), storing.today),
        "held_from": None,
        "paused_on": None,
        "placed": True,
    }


async def succeed(storing: Storing, row: Row, columns: Row, actor: Actor) -> Row:
    """A handover that follows `row`, which then says so."""
    made = await storing.create(
        {
            **{name: row[name] for name in (*_INHERITED, "responsible_municipality", "desk_organisation_id")},
            "flags": [flag for flag in row["flags"] if flag == "review"],
            "preceded_by": row["id"],
            "placed": True,
            **columns,
        },
        actor,
    )
    await storing.change(row["id"], actor, succeeded_by=made["id"])
    return made


def at_desk(storing: Storing, row: Row) -> Row:
    """The columns of a handover that waits at the desk which decides over `row`."""
    return {
        "status": "needs_triage",
        "team_id": None,
        "team_kind": None,
        "team_name": None,
        "receiver_organisation_id": row["desk_organisation_id"],
        "offered_at": None,
        "deadlines": terms_of("needs_triage", (), storing.today),
        "held_from": None,
        "paused_on": None,
        "placed": True,
    }


async def advise_instead(storing: Storing, row: Row, advised: Advised, actor: Actor) -> None:
    """Advice that follows a handover whose task is of a body that the service does not reach."""
    made = await storing.advise(
        {
            "id": new_ids(storing.now, 1)[0],
            "decision_version": row["decision_version"],
            "channel": advised.channel,
            "kind": advised.kind,
            "role": "primary",
            "route_positions": row["route_positions"],
            "due": storing.today + _ADVICE_WITHIN,
            "status": "open",
            "preceded_by": row["id"],
            "municipality": advised.municipality,
        }
    )
    await storing.change(row["id"], actor, succeeded_by_advice=made["id"])
