"""Erases and forgets what is kept for longer than its term, in bounded parts; what is held stays."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.adapters.erasure_ledger import ErasureLedger
from app.adapters.identifiers import first_id
from app.adapters.postgres import driver_of
from app.services.erasing import erase_referral
from app.services.importing.forgetting import OLD_IMPORTS, OLD_UPLOADS, expire_uploads, forget_imports
from app.services.log_cutting import cut_log, overdue_looks
from app.services.old_deliveries import forget_deliveries
from app.services.repeats import forget_old_keys
from app.services.retention_terms import TERMS

# Of each class at a time, so that no statement takes long and nobody waits for a lock.
AT_ONCE: Final = 100
ROWS_AT_ONCE: Final = 1_000

# An id is as old as its moment, to the millisecond: $2 is the first of those that are young enough.
_ENDED: Final = """
SELECT {what} FROM referral r
 WHERE r.id < $2 AND r.status IN ('closed', 'withdrawn')
   AND r.erased_at IS NULL AND (r.held_until IS NULL OR r.held_until < $3)
   AND NOT EXISTS (SELECT FROM handover h WHERE h.referral_id = r.id
                      AND coalesce(h.ended_at, h.created_at) >= $1)
   AND NOT EXISTS (SELECT FROM advice a WHERE a.referral_id = r.id AND a.handled_at >= $1)
   AND NOT EXISTS (SELECT FROM decision d WHERE d.referral_id = r.id AND d.created_at >= $1)
"""
_UNFINISHED: Final = """
SELECT {what} FROM referral r
 WHERE r.id < $2 AND r.status IN ('open', 'needs_information')
   AND r.erased_at IS NULL AND (r.held_until IS NULL OR r.held_until < $3)
   AND NOT EXISTS (SELECT FROM decision d WHERE d.referral_id = r.id AND d.created_at >= $1)
   AND NOT EXISTS (SELECT FROM handover h WHERE h.referral_id = r.id
                      AND greatest(h.created_at, h.offered_at, h.acknowledged_at, h.ended_at,
                                   h.first_contact_on, h.expected_on) >= $1)
   AND NOT EXISTS (SELECT FROM handover h JOIN event e ON e.handover_id = h.id
                    WHERE h.referral_id = r.id AND e.at >= $1)
   AND NOT EXISTS (SELECT FROM advice a WHERE a.referral_id = r.id AND a.handled_at >= $1)
"""
ACCESS_LOG: Final = "access_log"
_OF_REFERRALS: Final = {"referral": _ENDED, "unfinished_referral": _UNFINISHED}
_NEXT: Final = " ORDER BY r.id LIMIT $4 FOR UPDATE OF r SKIP LOCKED"
_COUNTS: Final = {
    "idempotency_key": "SELECT count(*) FROM idempotency WHERE created_at < $1",
    "import": OLD_IMPORTS,
    "import_upload": OLD_UPLOADS,
    "delivery": "SELECT count(*) FROM webhook_delivery WHERE told AND created_at < $1",
    "event": "SELECT count(*) FROM event WHERE at < $1 AND number < (SELECT max(number) FROM event)",
}


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeping is done with: the days of each class, what is kept outside, the moment and the day.

    `folder` has the ledger and the heads of the access log, under codes of the keyring.
    """

    days: Mapping[str, int]
    ledger: ErasureLedger
    folder: Path
    keyring: Keyring
    now: datetime
    today: date

    def before(self, name: str) -> datetime:
        """What is older than this has been kept for longer than its term."""
        return self.now - timedelta(days=self.days[name])


def days_now(referral_days: int) -> dict[str, int]:
    """The terms as they hold now, with the one that the operator sets, in days."""
    return {term.name: term.days for term in TERMS} | {"referral": referral_days}


async def overdue(connection: AsyncConnection, keeping: Keeping) -> dict[str, int]:
    """How much of each class is kept for longer than its term, by class."""
    driver = await driver_of(connection)
    counts = {}
    for term in TERMS:
        before = keeping.before(term.name)
        if found := _OF_REFERRALS.get(term.name):
            asked = (before, first_id(before), keeping.today)
            counts[term.name] = await driver.fetchval(found.format(what="count(*)"), *asked)
        elif term.name == ACCESS_LOG:
            counts[term.name] = await overdue_looks(connection, before)
        else:
            counts[term.name] = await driver.fetchval(_COUNTS[term.name], before)
    return counts


async def purge(connection: AsyncConnection, keeping: Keeping, name: str) -> int:
    """Erases or forgets a part of what is overdue in a class; the caller commits. Returns how many."""
    return await _PURGES[name](connection, keeping)


async def _erase(connection: AsyncConnection, keeping: Keeping, name: str) -> int:
    before = keeping.before(name)
    query = _OF_REFERRALS[name].format(what="r.id") + _NEXT
    asked = (before, first_id(before), keeping.today, AT_ONCE)
    rows = await (await driver_of(connection)).fetch(query, *asked)
    for row in rows:
        await erase_referral(connection, keeping.ledger, row["id"], keeping.now, "retention")
    return len(rows)


async def _erase_ended(connection: AsyncConnection, keeping: Keeping) -> int:
    return await _erase(connection, keeping, "referral")


async def _erase_unfinished(connection: AsyncConnection, keeping: Keeping) -> int:
    return await _erase(connection, keeping, "unfinished_referral")


async def _forget_keys(connection: AsyncConnection, keeping: Keeping) -> int:
    return await forget_old_keys(connection, keeping.now, AT_ONCE)


async def _forget_deliveries(connection: AsyncConnection, keeping: Keeping) -> int:
    return await forget_deliveries(connection, keeping.before("delivery"), keeping.now, AT_ONCE)


async def _forget_imports(connection: AsyncConnection, keeping: Keeping) -> int:
    return await forget_imports(connection, keeping.before("import"), ROWS_AT_ONCE)


async def _expire_uploads(connection: AsyncConnection, keeping: Keeping) -> int:
    return await expire_uploads(connection, keeping.before("import_upload"), keeping.now, AT_ONCE)


async def _forget_events(connection: AsyncConnection, keeping: Keeping) -> int:
    forget = "SELECT forget_events($1, $2)"
    driver = await driver_of(connection)
    return int(await driver.fetchval(forget, keeping.before("event"), ROWS_AT_ONCE))


async def _cut_log(connection: AsyncConnection, keeping: Keeping) -> int:
    return await cut_log(connection, keeping.folder, keeping.keyring, keeping.before(ACCESS_LOG))


_PURGES: Final[Mapping[str, Callable[[AsyncConnection, Keeping], Awaitable[int]]]] = {
    "referral": _erase_ended,
    "unfinished_referral": _erase_unfinished,
    "idempotency_key": _forget_keys,
    "import": _forget_imports,
    "import_upload": _expire_uploads,
    "delivery": _forget_deliveries,
    "event": _forget_events,
    ACCESS_LOG: _cut_log,
}
