"""The access log of an import: who asked for it stands with every referral that it stores."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.access_log import write_trail
from app.services.deciding import Deciding
from app.services.importing.imports import Import
from app.services.importing.rows import Draft
from app.services.trail import Trail


async def log_stored(
    connection: AsyncConnection, import_: Import, stored: Sequence[Draft], deciding: Deciding
) -> None:
    """A row of the access log for each referral: who asked for the import, and what for."""
    trail = Trail(
        import_.organisation_id,
        import_.credential_id,
        tuple(sorted(import_.client.roles)),
        "import_referrals",
        acting_user=import_.acting_user,
        request_id=str(import_.id),
        trace_id=import_.trace_id,
    )
    for draft in stored:
        trail.concerns(draft.referral["id"], import_.organisation_id)
    await write_trail(connection, trail, deciding.now)
