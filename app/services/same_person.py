"""Shows a municipality which open handovers it has already for what is probably the same person (F-30)."""

from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.clock import AMSTERDAM
from app.models import Handover
from app.services.clients import Client
from app.services.lifecycle.table import ENDED
from app.services.resources import Plain, Row, team_reference
from app.services.trail import concerns

MOST: Final = 20


async def same_person(
    connection: AsyncConnection, client: Client, handover: Row, visible: ColumnElement[bool]
) -> Plain:
    """`samePerson` for a handover whose person the client knows; nothing where it is not for this client.

    It is for the municipality that is responsible, over other referrals and what it received itself, at most
    20, the oldest first: its desk need not know whom another organisation helps for it (LAW 7.1). Of one that
    is not `visible` to the client the team alone is told: whom to call. No school is told anything.
    """
    place = ("municipality", handover["responsible_municipality"])
    if (client.organisation_kind, client.organisation_code) != place:
        return {}
    if handover["person_index"] is None or handover["status"] in ENDED:
        return {"samePerson": []}
    query = (
        select(Handover, visible.label("visible"))
        .where(
            Handover.responsible_municipality == handover["responsible_municipality"],
            Handover.person_index == handover["person_index"],
            Handover.referral_id != handover["referral_id"],
            Handover.status.not_in(ENDED),
            Handover.receiver_organisation_id == client.organisation_id,
        )
        .order_by(Handover.id)
        .limit(MOST)
    )
    found = (await connection.execute(query)).mappings()
    return {"samePerson": [_link(row) if row["visible"] else _whom_to_call(row) for row in found]}


def _link(row: Row) -> Plain:
    since = (row["offered_at"] or row["created_at"]).astimezone(AMSTERDAM).date()
    told = {"handoverId": str(row["id"]), "status": row["status"], "since": since.isoformat()}
    return {**told, **_whom_to_call(row)}


def _whom_to_call(row: Row) -> Plain:
    concerns(row["referral_id"], row["organisation_id"])
    return {"team": team_reference(row)}
