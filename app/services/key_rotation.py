"""Wraps stored data keys under the active key, and tells which keys are still needed."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.adapters.postgres import driver_of

# What has a data key of its own.
TABLES: Final = ("referral", "webhook_subscription", "import")

_FIRST: Final = UUID(int=0)
_COUNT: Final = " UNION ALL ".join(
    f"SELECT '{table}' AS held_by, key_id, count(*) AS rows FROM {table} "  # noqa: S608  our own names
    "WHERE key_id IS NOT NULL GROUP BY key_id"
    for table in TABLES
)
# From one key id to the next in the index: a million referrals under one key are one look.
_IN_USE: Final = text("""
WITH RECURSIVE used (key_id) AS (
    SELECT min(key_id) FROM referral
    UNION ALL
    SELECT (SELECT min(r.key_id) FROM referral AS r WHERE r.key_id > used.key_id)
      FROM used WHERE used.key_id IS NOT NULL
)
SELECT key_id FROM used WHERE key_id IS NOT NULL
 UNION SELECT key_id FROM webhook_subscription
 UNION SELECT key_id FROM import
 ORDER BY 1
""")
# Weak enough to let in what refers to a row, and not waiting for whoever changes one now.
_SOME: Final = """
SELECT id, organisation_id, wrapped_key FROM {table}
 WHERE key_id = $1 AND id > $2 ORDER BY id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
"""
_STORE: Final = """
UPDATE {table} SET key_id = $1, wrapped_key = new.wrapped_key
  FROM unnest($2::uuid[], $3::bytea[]) AS new (id, wrapped_key) WHERE {table}.id = new.id
"""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How many rows of a table have their data key wrapped by one key."""

    table: str
    key_id: str
    rows: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction did: rows wrapped anew, rows whose key does not open, and where to go on."""

    wrapped: int
    unreadable: int
    last: UUID | None


async def count_keys(connection: AsyncConnection) -> list[KeyUse]:
    """Which keys wrap how many data keys, by table and key id; reads an index whole."""
    rows = await connection.execute(text(f"{_COUNT} ORDER BY 1, 2"))
    return [KeyUse(*row) for row in rows]


async def missing_keys(connection: AsyncConnection, keyring: Keyring) -> list[str]:
    """The ids of keys that wrap something and are not in the settings; takes as long at any size."""
    return [key_id for key_id in (await connection.execute(_IN_USE)).scalars() if not keyring.has(key_id)]


async def wrap_some(
    connection: AsyncConnection,
    keyring: Keyring,
    table: str,
    key_id: str,
    *,
    size: int,
    after: UUID | None = None,
) -> Batch:
    """Wraps data keys of a table anew that another key wrapped; the caller commits.

    `table` is one of TABLES. In order of id, at most `size`, without those that another transaction holds:
    ask for these again. A row whose key does not open stays as it is: it was moved or changed from outside.
    Raises KeyMissing.
    """
    driver = await driver_of(connection)
    found = await driver.fetch(_SOME.format(table=table), key_id, after or _FIRST, size)
    wrapped: dict[UUID, bytes] = {}
    for id, organisation_id, old in found:
        try:
            wrapped[id] = keyring.wrap_anew(key_id, old, f"{organisation_id}/{id}")
        except InvalidTag:
            continue
    await driver.execute(_STORE.format(table=table), keyring.active, list(wrapped), list(wrapped.values()))
    return Batch(len(wrapped), len(found) - len(wrapped), found[-1]["id"] if found else None)
