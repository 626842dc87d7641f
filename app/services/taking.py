"""Takes of a client's quota what a request turns out to be worth besides itself."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.errors import QuotaExceeded
from app.services.authenticating import UNWRITABLE, Client
from app.services.quotas import Allowance, allowance_of

# All of it or nothing, as long as anything is left: what there was not enough of is waited for afterwards.
_TAKE: Final = """
UPDATE bucket SET full_at = greatest(full_at, now()) + $2 * interval '1 second'
 WHERE credential_id = $1 AND full_at <= now() + $3::float8 * interval '1 second'
RETURNING extract(epoch FROM full_at - now())::float8
"""
_BACKLOG: Final = "SELECT extract(epoch FROM full_at - now())::float8 FROM bucket WHERE credential_id = $1"


async def take_more(connection: AsyncConnection, client: Client, requests: int) -> Allowance | None:
    """What the client has left after so many requests more; None without a limit.

    Of its last request a client may ask as much as that takes: it then waits the longer for its next. Raises
    QuotaExceeded where another request of the same moment already took more than there was.
    """
    allowance = client.allowance
    if allowance is None or requests <= 0:
        return allowance
    quota = allowance.quota
    each = quota.seconds / quota.requests
    driver = await driver_of(connection)
    await driver.execute("SAVEPOINT taking")
    try:
        backlog = await driver.fetchval(_TAKE, client.credential_id, requests * each, quota.seconds)
    except UNWRITABLE:
        await driver.execute("ROLLBACK TO SAVEPOINT taking")
        return allowance
    if backlog is not None:
        return allowance_of(quota, backlog, refused=False)
    backlog = await driver.fetchval(_BACKLOG, client.credential_id) or quota.seconds
    raise QuotaExceeded(allowance_of(quota, backlog, refused=True).reset)
