"""Writes the next version of a decision with what it changes in handovers and advice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.decision_json import plain_decision
from app.adapters.identifiers import new_ids
from app.models import Advice, Decision, Event, Handover, Organisation, Referral
from app.routing import Decision as Decided, Facts
from app.services.handing_over import HandingOver
from app.services.reading import OpenReferral
from app.services.reconciling import Reconciled, reconcile, refused_routes
from app.services.records import (
    advice_rows,
    decision_columns,
    drafted_columns,
    dump,
    handover_rows,
    receipt_of,
)

Row = dict[str, Any]

ENDED: Final = ("rejected", "redirected", "completed", "stopped", "withdrawn", "entered_in_error")


@dataclass(frozen=True, slots=True)
class Revision:
    """A decision made anew: from which facts, for which day, and what it gives rise to."""

    facts: Facts
    on: date
    today: date
    decision: Decided
    handing_over: HandingOver
    student: Row
    now: datetime


async def write_revision(
    connection: AsyncConnection,
    referral: OpenReferral,
    revision: Revision,
    event: str | None,
    correlation_id: str | None,
) -> None:
    """Stores the version and reconciles; the referral's row is locked by the caller."""
    id, version = referral.row["id"], referral.row["decision_version"] + 1
    await _store_decision(connection, referral, revision, version)
    rows = await _rows(connection, Handover, id)
    refused = refused_routes(revision.decision, revision.facts.consents)
    reconciled = reconcile(rows, revision.handing_over.handovers, refused)
    told = await _store_handovers(connection, referral, revision, reconciled, version)
    await _store_advice(connection, referral, revision, version)
    events = [*([(event, None, None)] if event else []), ("referral.decided", None, None), *told]
    await _store_events(connection, referral, events, correlation_id, revision.now)
    await _store_referral(connection, referral, revision, version)


async def _store_decision(
    connection: AsyncConnection, referral: OpenReferral, revision: Revision, version: int
) -> None:
    plain = plain_decision(revision.decision)
    receipt = receipt_of(revision.facts, revision.on, revision.today, plain)
    sealed = referral.seal(dump(receipt), "decision", "receipt", version)
    values = {
        "referral_id": referral.row["id"],
        "version": version,
        "organisation_id": referral.row["organisation_id"],
        "created_at": revision.now,
        **decision_columns(revision.decision, sealed),
    }
    await connection.execute(insert(Decision).values(values))


Told = tuple[str, UUID | None, UUID | None]


async def _store_handovers(
    connection: AsyncConnection,
    referral: OpenReferral,
    revision: Revision,
    reconciled: Reconciled,
    version: int,
) -> list[Told]:
    """Changes, ends and makes handovers; returns the events, each with handover and receiver."""
    now, tenant = revision.now, referral.row["organisation_id"]
    drafts = [*reconciled.new, *(change.draft for change in reconciled.changes)]
    receivers = await _receivers(connection, [draft.receiver for draft in drafts])
    told: list[Told] = []
    new = handover_rows(reconciled.new, referral.row["id"], version, now)
    for row in new:
        receiver = receivers.get(row.pop("receiver"))
        stored = {**row, "organisation_id": tenant, "receiver_organisation_id": receiver}
        await connection.execute(insert(Handover).values(stored))
        told.append((f"handover.{row['status']}", row["id"], receiver))
    for change in reconciled.changes:
        columns = drafted_columns(change.draft, now)
        receiver = receivers.get(columns.pop("receiver"))
        if change.status == change.row["status"]:  # not offered anew: its clocks run on
            del columns["offered_at"], columns["deadlines"]
        else:
            told.append((f"handover.{change.status}", change.row["id"], receiver))
        columns |= {"receiver_organisation_id": receiver, "decision_version": version}
        await _change(connection, change.row, status=change.status, **columns)
    successor = await _link(connection, reconciled, new)
    for ending in reconciled.endings:
        follows = successor if ending.status == "redirected" else None
        await _change(connection, ending.row, status=ending.status, succeeded_by=follows)
        receiver = ending.row["receiver_organisation_id"]
        told.append((f"handover.{ending.status}", ending.row["id"], receiver))
    return told


async def _link(connection: AsyncConnection, reconciled: Reconciled, new: list[Row]) -> UUID | None:
    """The first new handover succeeds those that are redirected, and says so (lineage both ways)."""
    redirected = [ending.row["id"] for ending in reconciled.endings if ending.status == "redirected"]
    if not new or not redirected:
        return None
    first: UUID = new[0]["id"]
    preceded = update(Handover).where(Handover.id == first).values(preceded_by=redirected[0])
    await connection.execute(preceded)
    return first


async def _change(connection: AsyncConnection, row: Mapping[Any, Any], **columns: Any) -> None:
    changed = update(Handover).where(Handover.id == row["id"])
    await connection.execute(changed.values(version=row["version"] + 1, **columns))


async def _store_advice(
    connection: AsyncConnection, referral: OpenReferral, revision: Revision, version: int
) -> None:
    """Advice that stands stays as it is, under the new version; what no longer holds is not needed."""
    id, tenant = referral.row["id"], referral.row["organisation_id"]
    rows = await _rows(connection, Advice, id)
    still = {(row["channel"], row["kind"], row["role"]): row for row in rows if row["status"] == "open"}
    for row in advice_rows(revision.handing_over.advice, version, revision.now):
        standing = still.pop((row["channel"], row["kind"], row["role"]), None)
        if standing is None:
            stored = {**row, "referral_id": id, "organisation_id": tenant}
            await connection.execute(insert(Advice).values(stored))
        else:
            kept = {"route_positions": row["route_positions"], "decision_version": version}
            await connection.execute(update(Advice).where(Advice.id == standing["id"]).values(kept))
    gone = [row["id"] for row in still.values()]
    await connection.execute(update(Advice).where(Advice.id.in_(gone)).values(status="not_needed"))


async def _store_events(
    connection: AsyncConnection,
    referral: OpenReferral,
    told: list[Told],
    correlation_id: str | None,
    now: datetime,
) -> None:
    rows = [
        {
            "id": id,
            "organisation_id": referral.row["organisation_id"],
            "receiver_organisation_id": receiver,
            "referral_id": referral.row["id"],
            "handover_id": handover,
            "type": type,
            "role": "referrer" if type == "consent.changed" else "system",
            "correlation_id": correlation_id,
            "at": now,
        }
        for (type, handover, receiver), id in zip(told, new_ids(now, len(told)), strict=True)
    ]
    await connection.execute(insert(Event), rows)


async def _store_referral(
    connection: AsyncConnection, referral: OpenReferral, revision: Revision, version: int
) -> None:
    """The referral's status over all its handovers and advice, and what was told of the student."""
    id = referral.row["id"]
    statuses = [row["status"] for row in await _rows(connection, Handover, id)]
    advised = [row["status"] for row in await _rows(connection, Advice, id)]
    columns: Row = {
        "status": _status(statuses, advised),
        "decision_version": version,
        "reference_date": revision.on,
        "home_municipality": revision.facts.home_municipality,
    }
    if revision.student:
        identity = referral.identity
        identity["student"] = {**identity["student"], **revision.student}
        columns["identity"] = referral.seal(dump(identity), "referral", "identity")
    await connection.execute(update(Referral).where(Referral.id == id).values(columns))


def _status(handovers: list[str], advice: list[str]) -> str:
    """CONTRACT 4: waiting for information, open, withdrawn by the last open one, or closed."""
    if "needs_information" in handovers:
        return "needs_information"
    if "open" in advice or any(status not in ENDED for status in handovers):
        return "open"
    withdrawn = any(status == "withdrawn" for status in handovers)
    return "withdrawn" if withdrawn else "closed"


async def _rows(connection: AsyncConnection, table: Any, referral_id: UUID) -> list[Mapping[Any, Any]]:
    query = select(table).where(table.referral_id == referral_id).order_by(table.id)
    return list((await connection.execute(query)).mappings())


async def _receivers(connection: AsyncConnection, codes: Iterable[str | None]) -> dict[str | None, UUID]:
    """Organisations by code, as a new referral finds them."""
    query = (
        select(Organisation.code, Organisation.id)
        .where(Organisation.code.in_({code for code in codes if code}), Organisation.kind != "operator")
        .order_by(Organisation.kind.desc())
    )
    return {row.code: row.id for row in await connection.execute(query)}
