"""Uploads that have not arrived: how many there may be, and what is left of those that broke off."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.errors import TooMany
from app.models import Import

# Of one organisation, those that arrive, wait and are worked off together.
MOST_UNFINISHED: Final = 20
_ONE_BY_ONE: Final = "SELECT pg_advisory_xact_lock(hashtextextended('import room ' || $1, 0))"


async def require_room(connection: AsyncConnection, organisation_id: UUID) -> None:
    """Raises TooMany where as many imports of an organisation are unfinished as may be.

    Until the transaction ends nobody else of the organisation is asked: there is room for one.
    """
    await (await driver_of(connection)).execute(_ONE_BY_ONE, str(organisation_id))
    unfinished = select(func.count()).where(
        Import.organisation_id == organisation_id, Import.finished_at.is_(None)
    )
    if (await connection.execute(unfinished)).scalar_one() >= MOST_UNFINISHED:
        raise TooMany


async def forget_upload(connection: AsyncConnection, id: UUID) -> None:
    """Removes what has arrived of an upload that broke off; one that arrived whole is worked off."""
    await connection.execute(delete(Import).where(Import.id == id, Import.received_at.is_(None)))


async def forget_broken_uploads(connection: AsyncConnection, begun_before: datetime) -> int:
    """Removes uploads begun before this moment that never arrived: their process died. Returns how many."""
    broken = delete(Import).where(
        Import.finished_at.is_(None), Import.received_at.is_(None), Import.created_at < begun_before
    )
    return (await connection.execute(broken)).rowcount
