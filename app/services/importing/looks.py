"""The access log of an import: who asked for it stands with every referral that it stores or names."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.access_log import write_trail
from app.services.activities import Activity
from app.services.deciding import Deciding
from app.services.importing.imports import Import
from app.services.importing.results import list_rows
from app.services.importing.rows import Draft, RowResult
from app.services.trail import Trail


async def log_stored(
    connection: AsyncConnection, import_: Import, stored: Sequence[Draft], deciding: Deciding
) -> None:
    """A row of the access log for each referral: who asked for the import, and what for."""
    trail = _trail(import_, "import_referrals")
    for draft in stored:
        trail.concerns(draft.referral["id"], import_.organisation_id)
    await write_trail(connection, trail, deciding.now)


async def log_shown(
    connection: AsyncConnection, import_: Import, rows: Iterable[RowResult], now: datetime
) -> None:
    """A row of the access log for each referral that results name to whoever runs a command."""
    trail = _trail(import_, "list_import_rows")
    for row in rows:
        if row.referral_id is not None:
            trail.concerns(row.referral_id, import_.organisation_id)
    await write_trail(connection, trail, now)


async def show_rows(
    connection: AsyncConnection, import_: Import, after: int, limit: int, now: datetime
) -> list[RowResult]:
    """What became of the rows that follow one, in the order of the file, for whoever runs a command."""
    rows, _ = await list_rows(connection, import_, after=after, limit=limit)
    await log_shown(connection, import_, rows, now)
    return rows


def _trail(import_: Import, activity: Activity) -> Trail:
    return Trail(
        import_.organisation_id,
        import_.credential_id,
        tuple(sorted(import_.client.roles)),
        activity,
        acting_user=import_.acting_user,
        request_id=str(import_.id),
        trace_id=import_.trace_id,
    )
