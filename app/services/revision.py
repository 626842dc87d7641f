"""Writes the next version of a decision with what it changes in handovers and advice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.routing import Decision as Decided, Directory, Facts
from app.services.decision_version import store_decision
from app.services.handing_over import HandingOver
from app.services.lifecycle.clocks import QUESTION, resumed
from app.services.lifecycle.organisations import organisations_by_code
from app.services.lifecycle.storing import SYSTEM, Actor, Row, Storing
from app.services.reconciling import Change, Reconciled, reconcile, refused_routes
from app.services.records import advice_rows, drafted_columns
from app.services.settled import Settled
from app.services.standing_support import ask_to_look_again, follow_consent, look_again_on


@dataclass(frozen=True, slots=True)
class Revision:
    """A decision made anew: from which facts, for which day, what stands of before, what it gives rise to."""

    facts: Facts
    on: date
    decision: Decided
    directory: Directory
    stands: Settled
    handing_over: HandingOver


async def write_revision(storing: Storing, revision: Revision, event: str | None, actor: Actor) -> None:
    """Stores the version and reconciles; the referral's row is locked by the caller, who closes.

    `event` is what `actor` did to bring it about, beside the decision.
    """
    version = storing.referral.row["decision_version"] + 1
    await store_decision(storing, revision.facts, revision.on, revision.decision, version)
    if event:
        storing.tell(event, actor)
    storing.tell("referral.decided")
    open_to_change = [row for id, row in storing.handovers.items() if id not in revision.stands.kept]
    refused = refused_routes(revision.decision, revision.facts.consents)
    reconciled = reconcile(open_to_change, revision.handing_over.handovers, refused)
    await _store_handovers(storing, reconciled, version)
    await ask_to_look_again(storing, revision.stands, told=actor != SYSTEM)
    await follow_consent(storing, revision.stands, revision.facts.consents, revision.directory)
    await _store_advice(storing, revision, version)
    await _link(storing, reconciled)
    await look_again_on(storing, revision.decision)
    await _store_referral(storing, revision, version)


async def _store_handovers(storing: Storing, reconciled: Reconciled, version: int) -> None:
    drafts = [*reconciled.new, *(change.draft for change in reconciled.changes)]
    codes = [code for draft in drafts for code in (draft.receiver, draft.desk)]
    organisations = await organisations_by_code(storing.connection, codes)
    for change in reconciled.changes:
        columns = _changed_columns(storing, change) | {"decision_version": version}
        await storing.change(change.row["id"], **_resolved(columns, organisations))
    for draft in reconciled.new:
        columns = drafted_columns(draft, storing.now) | {"decision_version": version}
        await storing.create({"status": draft.status, **_resolved(columns, organisations)})
    for ending in reconciled.endings:
        reason = "consent_withdrawn" if ending.status == "withdrawn" else None
        await storing.change(ending.row["id"], status=ending.status, reason=reason)


def _changed_columns(storing: Storing, change: Change) -> Row:
    """What changes of a handover that goes on; one that is not offered anew keeps its clocks."""
    row, columns = change.row, {**drafted_columns(change.draft, storing.now), "status": change.status}
    columns |= {"held_from": None, "paused_on": None, "placed": False}
    flags = [flag for flag in row["flags"] if flag not in ("review", "reassessment_due")]
    columns["flags"] = list(dict.fromkeys((*flags, *columns["flags"])))
    if change.status == row["status"]:
        columns |= {"offered_at": row["offered_at"], "deadlines": row["deadlines"]}
    elif row["held_from"] == change.status:
        asked = [one for one in row["deadlines"] if one["kind"] != QUESTION]
        columns["deadlines"] = resumed(asked, row["paused_on"], storing.today)
        columns["offered_at"] = row["offered_at"]
    return columns


def _resolved(columns: Row, organisations: dict[str | None, UUID]) -> Row:
    """The columns with organisations by id in the stead of their codes."""
    left = {name: value for name, value in columns.items() if name not in ("receiver", "desk")}
    return left | {
        "receiver_organisation_id": organisations.get(columns["receiver"]),
        "desk_organisation_id": organisations.get(columns["desk"]),
    }


async def _store_advice(storing: Storing, revision: Revision, version: int) -> None:
    """Advice that stands stays as it is, under the new version; what no longer holds is not needed.

    What a rejection gave rise to stays: the decision that it departs from is not its source.
    """
    decided = {id: row for id, row in storing.advice.items() if row["preceded_by"] is None}
    still = {_kind(row): id for id, row in decided.items() if row["status"] == "open"}
    for row in advice_rows(revision.handing_over.advice, version, storing.now):
        standing = still.pop(_kind(row), None)
        if standing is None:
            await storing.advise(row)
        else:
            kept = {"route_positions": row["route_positions"], "decision_version": version}
            await storing.change_advice(standing, **kept)
    for id in still.values():
        await storing.change_advice(id, status="not_needed", handled_at=storing.now)


def _kind(row: Row) -> tuple[Any, ...]:
    return (row["channel"], row["kind"], row["role"])


async def _link(storing: Storing, reconciled: Reconciled) -> None:
    """What is redirected is followed by who now has its problems, and they say so (lineage both ways)."""
    new = [row for row in storing.handovers.values() if row["decision_version"] == _newest(storing)]
    for ending in (ending for ending in reconciled.endings if ending.status == "redirected"):
        heirs = _heirs(ending.row, (row for row in new if row["id"] != ending.row["id"]))
        if not heirs:
            continue
        await storing.change(ending.row["id"], succeeded_by=heirs[0]["id"])
        if heirs[0]["preceded_by"] is None:
            await storing.change(heirs[0]["id"], preceded_by=ending.row["id"])


def _newest(storing: Storing) -> int:
    version: int = storing.referral.row["decision_version"] + 1
    return version


def _heirs(row: Any, candidates: Iterable[Row]) -> list[Row]:
    """Those that share a problem with it, else all."""
    found = list(candidates)
    return [one for one in found if set(one["problem_domains"]) & set(row["problem_domains"])] or found


async def _store_referral(storing: Storing, revision: Revision, version: int) -> None:
    """What the referral's own row says of the newest decision."""
    columns: Row = {
        "decision_version": version,
        "reference_date": revision.on,
        "home_municipality": revision.facts.home_municipality,
        "support_variant": revision.facts.support_variant,
    }
    storing.columns |= columns
