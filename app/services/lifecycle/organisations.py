"""Organisations by their code, and the code of the one that referred."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import Organisation
from app.services.lifecycle.storing import Storing


async def organisations_by_code(
    connection: AsyncConnection, codes: Iterable[str | None]
) -> dict[str | None, UUID]:
    """Organisations by code, as a new referral finds them; none for None."""
    query = (
        select(Organisation.code, Organisation.id)
        .where(Organisation.code.in_({code for code in codes if code}), Organisation.kind != "operator")
        .order_by(Organisation.kind.desc())
    )
    return {row.code: row.id for row in await connection.execute(query)}


async def referrer_code(storing: Storing) -> str:
    """The code of the organisation that referred: its own desk where no other is known (CONTRACT 5)."""
    own = select(Organisation.code).where(Organisation.id == storing.referral.row["organisation_id"])
    return str(await storing.connection.scalar(own))
