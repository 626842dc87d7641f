"""Finds a handover that a client may see, and opens its referral to the transaction (ADR 22)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, select

from app.models import Handover
from app.services.clients import Client
from app.services.sides import is_seen_by


def seen_handover(client: Client, id: UUID) -> Select[Any]:
    """The row of a handover, none where the client may not see it.

    Row-level security shows a receiver its own handover alone. To read it, and to take a step, the referral
    with its decisions and its other handovers is needed: all of that is open until the transaction ends,
    under the ids of a row that was seen, never under one that a request named.
    """
    opened = func.concat(
        func.set_config("verwijsroute.referral", cast(Handover.referral_id, Text), True),
        func.set_config("verwijsroute.referrer", cast(Handover.organisation_id, Text), True),
    )
    columns = (*Handover.__table__.columns, opened.label("opened"))
    return select(*columns).where(Handover.id == id, is_seen_by(client))
