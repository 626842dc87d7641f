"""Which referrals an erasure would be of, and what stands in its way."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import Handover, Referral
from app.services.clients import Client
from app.services.lifecycle.table import RUNNING
from app.services.trail import concerns

_COLUMNS = ("id", "status", "erased_at", "held_until")


async def lock_own(connection: AsyncConnection, client: Client, ids: Sequence[UUID]) -> list[RowMapping]:
    """The referrals of these that are the client's own, in order; nobody changes them meanwhile.

    `id`, `status`, `erased_at`, `held_until`, and whether a team is `running` one of its handovers.
    """
    own = (Referral.organisation_id == client.organisation_id, Referral.id.in_(ids))
    await connection.execute(select(Referral.id).where(*own).order_by(Referral.id).with_for_update())
    return await _shown(connection, client, _rows(*own))


async def erased_with(connection: AsyncConnection, client: Client, id: UUID) -> list[RowMapping]:
    """What was erased by the same request: one moment is one request of an organisation."""
    then = select(Referral.erased_at).where(Referral.id == id).scalar_subquery()
    own = (Referral.organisation_id == client.organisation_id, Referral.erased_at == then)
    return await _shown(connection, client, _rows(*own))


async def _shown(connection: AsyncConnection, client: Client, query: Select[Any]) -> list[RowMapping]:
    found = list((await connection.execute(query)).mappings())
    for row in found:
        concerns(row["id"], client.organisation_id)
    return found


def _rows(*wanted: ColumnElement[bool]) -> Select[Any]:
    columns = (getattr(Referral, name) for name in _COLUMNS)
    helped = select(Handover.id).where(Handover.referral_id == Referral.id, Handover.status.in_(RUNNING))
    query: Select[Any] = select(*columns, helped.exists().label("running"))
    return query.where(*wanted).order_by(Referral.id)
