"""Runs the clocks of a referral: flags for what has run out, and back from a question without an answer."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import Handover, Referral
from app.services.deciding import Deciding
from app.services.lifecycle.clocks import QUESTION, has_run_out, run_out
from app.services.lifecycle.effects import returned
from app.services.lifecycle.storing import Row, Storing
from app.services.reading import OpenReferral

LOOKED_AT_ONCE: Final = 100


async def due_handovers(
    connection: AsyncConnection, today: date, after: tuple[date, UUID] | None
) -> list[RowMapping]:
    """`clock_on`, `id` and `referral_id` of the next handovers that a clock concerns today, in order."""
    place = (Handover.clock_on, Handover.id)
    query = select(*place, Handover.referral_id).where(Handover.clock_on <= today)
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(*after))
    found = await connection.execute(query.order_by(*place).limit(LOOKED_AT_ONCE))
    return list(found.mappings())


async def begin_tick(connection: AsyncConnection, referral_id: UUID, deciding: Deciding) -> Storing | None:
    """A referral locked for its clocks; None where somebody changes it now, or it was erased."""
    whole = (Referral.id == referral_id, Referral.erased_at.is_(None))
    query = select(Referral).where(*whole).with_for_update(skip_locked=True)
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    referral = OpenReferral(row, deciding.keyring)
    return await Storing.begin(connection, referral, deciding.now, deciding.today)


async def run_down(storing: Storing) -> bool:
    """Does what the clocks of today ask, once; whether that was anything. Opens nothing that is sealed."""
    before = dict(storing.handovers)
    for id, row in before.items():
        if row["clock_on"] is not None and row["clock_on"] <= storing.today:
            await storing.change(id, **_columns(row, storing))
    return storing.handovers != before


def _columns(row: Row, storing: Storing) -> Row:
    """What the clocks change of a handover; silence changes no status but that of one that was asked."""
    unanswered = [
        one for one in row["deadlines"] if one["kind"] == QUESTION and has_run_out(one, storing.today)
    ]
    flags = [*row["flags"], *run_out(row, storing.today)]
    if not row["held_from"] or not unanswered:
        return {"flags": flags}
    back = returned(row, storing)
    # The question stays, so that it counts until somebody takes a step.
    return {**back, "deadlines": [*back["deadlines"], *unanswered], "flags": flags}
