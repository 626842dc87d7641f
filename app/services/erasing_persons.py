"""Erases what a school referred of a person on its word: one referral, or all of that person (LAW E-34)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.adapters.erasure_ledger import ErasureLedger
from app.errors import Held, NotFound, StillRunning
from app.services.actors import Actor
from app.services.clients import Client
from app.services.erasable import erased_with, lock_own
from app.services.erasing import erase_referral
from app.services.persons import find_person
from app.services.repeats import ClaimedKey, claim_key, referral_of_repeated
from app.services.resources import Plain, Row, moment_or_none


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedToErase:
    """What a school asks: of the one referral, or of the person that a reference or number names.

    `because` is one of ERASED_BECAUSE; `claimed` its Idempotency-Key.
    """

    referral_id: UUID | None
    source_reference: str | None
    student_number: str | None
    because: str
    requested_on: date
    end_running: bool
    dry_run: bool
    claimed: ClaimedKey | None


@dataclass(frozen=True, slots=True)
class ErasingWith:
    """With what it is done: keys to find a person, the ledger, the moment and the day, and whose request."""

    keyring: Keyring
    ledger: ErasureLedger
    now: datetime
    today: date
    correlation_id: str | None


async def erase_person(
    connection: AsyncConnection, client: Client, asked: AskedToErase, using: ErasingWith
) -> Plain:
    """What was erased, or would be: all of it or nothing; the caller commits.

    A repeated key answers what it erased then. Raises NotFound where the organisation has nobody of that
    name, Held and StillRunning where it may not be done now, and IdempotencyKeyReused.
    """
    claimed = None if asked.dry_run else asked.claimed
    if claimed and (earlier := await referral_of_repeated(connection, client, claimed, using.now)):
        return _told(await erased_with(connection, client, earlier), asked, using)
    found = await lock_own(connection, client, await _ids(connection, client, asked, using.keyring))
    if not found:
        raise NotFound
    if asked.dry_run:
        return _told(found, asked, using)
    _refuse(found, asked, using.today)
    if claimed:
        await claim_key(connection, client, claimed, found[0]["id"], using.now)
    await _erase(connection, client, [row["id"] for row in found], asked, using)
    after = await lock_own(connection, client, [row["id"] for row in found])
    return _told(after, asked, using)


async def _erase(
    connection: AsyncConnection, client: Client, ids: list[UUID], asked: AskedToErase, using: ErasingWith
) -> None:
    actor = Actor("referrer", client.organisation_id, using.correlation_id)
    how = (using.now, asked.because, actor)
    for id in ids:
        await erase_referral(connection, using.ledger, id, *how, requested_on=asked.requested_on)


async def _ids(
    connection: AsyncConnection, client: Client, asked: AskedToErase, keyring: Keyring
) -> list[UUID]:
    if asked.referral_id:
        return [asked.referral_id]
    return await find_person(
        connection,
        keyring,
        client.organisation_id,
        source_reference=asked.source_reference,
        student_number=asked.student_number,
    )


def _refuse(found: Sequence[Row], asked: AskedToErase, today: date) -> None:
    if any(_held(row, today) for row in found):
        raise Held
    if any(row["running"] for row in found) and not asked.end_running:
        raise StillRunning


def _held(row: Row, today: date) -> date | None:
    until: date | None = row["held_until"]
    return until if until and until >= today and not row["erased_at"] else None


def _item(row: Row, today: date) -> Plain:
    held = _held(row, today)
    return {
        "referralId": str(row["id"]),
        "status": row["status"],
        "erasedAt": moment_or_none(row["erased_at"]),
        "running": row["running"],
        "heldUntil": held and held.isoformat(),
    }


def _told(rows: Sequence[Row], asked: AskedToErase, using: ErasingWith) -> Plain:
    items = [_item(row, using.today) for row in rows]
    return {"count": len(items), "dryRun": asked.dry_run, "items": items}
