"""Keeps a referral from being erased until a day: the law forbids it, or another person's interest."""

from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import NotFound
from app.models import Referral


async def hold_referral(
    connection: AsyncConnection, id: UUID, until: date | None, because: str | None
) -> None:
    """Holds until the end of a day, for one of HELD_BECAUSE; both None let go. Raises NotFound.

    What was erased cannot be held.
    """
    whole = (Referral.id == id, Referral.erased_at.is_(None))
    held = update(Referral).where(*whole).values(held_until=until, held_because=because)
    if (await connection.execute(held)).rowcount == 0:
        raise NotFound
