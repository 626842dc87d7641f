"""Tells a repeated request from another one that uses its key or its source reference; forgets old keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.adapters.postgres import driver_of
from app.errors import IdempotencyKeyReused, SourceReferenceTaken, Unavailable
from app.services.clients import Client
from app.services.fingerprints import Fingerprints

KEY_HOLDER = """
SELECT fingerprint, referral_id, created_at FROM idempotency
 WHERE organisation_id = $1 AND key_index = $2
"""
# What the key led to may be out of the client's sight by now (ADR 22); its answer is not.
REOPEN = """
SELECT set_config('verwijsroute.referral', referral_id::text, true) FROM idempotency
 WHERE organisation_id = $1 AND key_index = $2 AND fingerprint = $3 AND created_at > $4
"""
REFERENCE_HOLDER = """
SELECT id, content_fingerprint FROM referral WHERE organisation_id = $1 AND source_reference_index = $2
"""
LEAD_KEY_TO = """
UPDATE idempotency SET referral_id = $3 WHERE organisation_id = $1 AND key_index = $2
"""
CLAIM = """
INSERT INTO idempotency AS held (organisation_id, key_index, fingerprint, referral_id, created_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organisation_id, key_index) DO UPDATE
   SET fingerprint = excluded.fingerprint, referral_id = excluded.referral_id,
       created_at = excluded.created_at
 WHERE held.created_at <= excluded.created_at - interval '72 hours'
RETURNING referral_id
"""
KEPT_FOR: Final = timedelta(hours=72)
FORGOTTEN_AT_ONCE: Final = 1_000
# A CTE is read once; a subquery with a LIMIT may be read again for each row, by the plan of the day.
FORGET = """
WITH old AS MATERIALIZED (
    SELECT organisation_id, key_index FROM idempotency
     WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
DELETE FROM idempotency AS i USING old
 WHERE i.organisation_id = old.organisation_id AND i.key_index = old.key_index
"""


@dataclass(frozen=True, slots=True)
class ClaimedKey:
    """An `Idempotency-Key` of a change, and the fingerprint of its request, as keyed indexes."""

    key: bytes
    request: bytes


def claimed_key(keyring: Keyring, organisation: UUID, key: str, path: str, content: bytes) -> ClaimedKey:
    """The indexes of a key and of the request it came with: its path and canonical body."""
    request = path.encode() + keyring.index("content", organisation, content)
    return ClaimedKey(
        keyring.index("idempotency_key", organisation, key), keyring.index("request", organisation, request)
    )


async def claim_key(
    connection: AsyncConnection, client: Client, claimed: ClaimedKey, referral_id: UUID, now: datetime
) -> bool:
    """Whether the key is new; False where the same request used it.

    Raises IdempotencyKeyReused where another did.
    """
    driver = await driver_of(connection)
    held = (client.organisation_id, claimed.key)
    if await driver.fetchval(CLAIM, *held, claimed.request, referral_id, now):
        return True
    holder = await driver.fetchrow(KEY_HOLDER, *held)
    if holder is None:  # forgotten between the two statements
        raise Unavailable
    if holder["fingerprint"] != claimed.request:
        raise IdempotencyKeyReused
    return False


async def is_repeated(
    connection: AsyncConnection, client: Client, claimed: ClaimedKey, now: datetime
) -> bool:
    """Whether the same request used the key less than 72 hours ago; claims nothing."""
    return await referral_of_repeated(connection, client, claimed, now) is not None


async def referral_of_repeated(
    connection: AsyncConnection, client: Client, claimed: ClaimedKey, now: datetime
) -> UUID | None:
    """The referral that the same request was about, where it used the key less than 72 hours ago.

    It is open to the transaction then, as it was when the key was claimed.
    """
    held = (client.organisation_id, claimed.key)
    opened = await (await driver_of(connection)).fetchval(REOPEN, *held, claimed.request, now - KEPT_FOR)
    return UUID(opened) if opened else None


async def forget_old_keys(
    connection: AsyncConnection, now: datetime, at_once: int = FORGOTTEN_AT_ONCE
) -> int:
    """Forgets keys that were sent more than 72 hours ago, at most so many at once. Returns how many.

    Several may do so together: each takes other keys, and none waits for a request that is being answered.
    """
    done = await (await driver_of(connection)).execute(FORGET, now - KEPT_FOR, at_once)
    return int(done.rpartition(" ")[2])


async def find_earlier(
    connection: AsyncConnection, organisation_id: UUID, prints: Fingerprints, attempted: UUID
) -> UUID:
    """The referral that the key or the source reference made before, if this is the same request.

    `attempted` is the one that was not stored. Raises IdempotencyKeyReused and SourceReferenceTaken.
    """
    driver = await driver_of(connection)
    key = (organisation_id, prints.key)
    held = await driver.fetchrow(KEY_HOLDER, *key)
    if held and held["referral_id"] != attempted:
        if held["fingerprint"] != prints.request:
            raise IdempotencyKeyReused
        return UUID(str(held["referral_id"]))
    earlier = await driver.fetchrow(REFERENCE_HOLDER, organisation_id, prints.source_reference)
    if earlier is None:  # the key was forgotten between the two statements
        raise Unavailable
    if earlier["content_fingerprint"] != prints.content:
        raise SourceReferenceTaken
    await driver.execute(LEAD_KEY_TO, *key, earlier["id"])
    return UUID(str(earlier["id"]))
