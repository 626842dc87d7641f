"""Erases a referral: its key, all that is sealed and every index go; a tombstone stays (LAW 7.4; ADR 26)."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, case, func, insert, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.erasure_ledger import Entry, ErasureLedger
from app.adapters.identifiers import new_ids
from app.models import Advice, Base, Decision, Event, Handover, Referral
from app.models.columns import kept_tables
from app.services.actors import SYSTEM, Actor
from app.services.lifecycle.table import CHANGEABLE, OPEN, RUNNING

# Also what a handover that was open ends with; else that is `erased`.
CONSENT_REFUSED: Final = "consent_refused"


async def erase_referral(
    connection: AsyncConnection,
    ledger: ErasureLedger,
    id: UUID,
    now: datetime,
    because: str,
    actor: Actor = SYSTEM,
    requested_on: date | None = None,
) -> bool:
    """Destroys what a referral tells of a person; False where it is erased already, or not there.

    `because` is one of ERASED_BECAUSE. It needs no key. What was open ends, everybody who held it is told,
    and the ledger has it before the caller commits: let nothing come after this that may fail for a reason
    of the client's, for what the ledger has is done. Whether a hold forbids it is the caller's to ask.
    Raises OSError and LedgerBroken where the ledger cannot be written.
    """
    organisation = await _erase(connection, id, now, because, actor)
    if organisation is None:
        return False
    if requested_on:
        asked = update(Referral).where(Referral.id == id).values(erasure_requested_on=requested_on)
        await connection.execute(asked)
    await asyncio.to_thread(ledger.append, Entry(id, organisation, now, because))
    return True


async def erase_again(connection: AsyncConnection, entry: Entry) -> bool:
    """Erases what the ledger has and this database does not: a backup of before was put back."""
    return await _erase(connection, entry.referral_id, entry.at, entry.because, SYSTEM) is not None


async def _erase(
    connection: AsyncConnection, id: UUID, at: datetime, because: str, actor: Actor
) -> UUID | None:
    """The organisation whose referral was erased; None where there was nothing to erase."""
    locked = select(Referral).where(Referral.id == id, Referral.erased_at.is_(None)).with_for_update()
    row = (await connection.execute(locked)).mappings().one_or_none()
    if row is None:
        return None
    of_referral = select(Handover).where(Handover.referral_id == id).order_by(Handover.id)
    handovers = (await connection.execute(of_referral)).mappings().all()
    await _destroy(connection, row, handovers, at, because)
    await _tell(connection, row, handovers, at, actor)
    organisation: UUID = row["organisation_id"]
    return organisation


async def _destroy(
    connection: AsyncConnection, row: RowMapping, handovers: Sequence[RowMapping], now: datetime, because: str
) -> None:
    id = row["id"]
    status = _status_after(row["status"], {one["status"] for one in handovers})
    gone = {**_nothing(Referral), "erased_at": now, "erased_because": because, "status": status}
    await connection.execute(update(Referral).where(Referral.id == id).values(gone))
    await connection.execute(update(Decision).where(Decision.referral_id == id).values(_nothing(Decision)))
    reason = because if because == CONSENT_REFUSED else "erased"
    was_open = Handover.status.in_(OPEN)
    emptied = {
        "status": case(
            (Handover.status.in_(RUNNING), "stopped"),
            (Handover.status.in_(CHANGEABLE), "withdrawn"),
            else_=Handover.status,
        ),
        "reason": case((was_open, reason), else_=Handover.reason),
        "ended_at": case((was_open, now), else_=Handover.ended_at),
        "version": Handover.version + 1,
        "erased_at": now,
        **_nothing(Handover),
    }
    await connection.execute(update(Handover).where(Handover.referral_id == id).values(emptied))
    # Of what was imported no row of this reference tells it any more, stored or not (ADR 27).
    index = row["source_reference_index"]
    await connection.execute(select(func.forget_imported(row["organisation_id"], index)))
    if because != CONSENT_REFUSED:  # a row that refuses is itself what erases, and its doubles follow it
        await connection.execute(select(func.note_erased(row["organisation_id"], index)))
    open_advice = update(Advice).where(Advice.referral_id == id, Advice.status == "open")
    await connection.execute(open_advice.values(status="not_needed", handled_at=now))


def _nothing(table: type[Base]) -> dict[str, object]:
    """The columns that the registry says erasure destroys or empties, each with nothing in it."""
    columns = table.__table__.columns
    going = [
        name for name, kept in kept_tables()[table.__tablename__].columns.items() if kept.erasure != "kept"
    ]
    return {name: null() if columns[name].nullable else [] for name in going}


def _status_after(status: str, handovers: set[str]) -> str:
    """What has ended stays what it was."""
    if status not in ("open", "needs_information"):
        return status
    return "closed" if CHANGEABLE.isdisjoint(handovers) else "withdrawn"


async def _tell(
    connection: AsyncConnection, row: RowMapping, handovers: Sequence[RowMapping], now: datetime, actor: Actor
) -> None:
    """One event for the referring organisation, and one for whoever was told of a handover (AVG 19).

    What waited for consent was told to nobody.
    """
    ended = [
        (one, "handover.stopped" if one["status"] in RUNNING else "handover.withdrawn")
        for one in handovers
        if one["status"] in OPEN
    ]
    told = [*ended, *((one, "referral.erased") for one in (None, *handovers))]
    rows = [
        {
            **_whom(one),
            "id": event_id,
            "organisation_id": row["organisation_id"],
            "referral_id": row["id"],
            "type": type,
            "role": actor.role,
            "actor_organisation_id": actor.organisation_id,
            "correlation_id": actor.correlation_id,
            "at": now,
        }
        for (one, type), event_id in zip(told, new_ids(now, len(told)), strict=True)
    ]
    await connection.execute(insert(Event), rows)


def _whom(handover: RowMapping | None) -> dict[str, object]:
    if handover is None:
        return dict.fromkeys(("handover_id", "receiver_organisation_id", "desk_organisation_id", "team_id"))
    names = ("receiver_organisation_id", "desk_organisation_id", "team_id")
    waited = handover["status"] == "needs_consent" or (
        handover["reason"] == "consent_withdrawn" and handover["offered_at"] is None
    )
    return {"handover_id": handover["id"], **{name: handover[name] if not waited else None for name in names}}
