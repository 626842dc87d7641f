"""Reads what is kept of every referral's newest decision, a page at a time, and opens it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.decision_json import plain_json
from app.adapters.deflate import inflate
from app.adapters.encryption import Keyring
from app.adapters.postgres import driver_of
from app.routing import Facts
from app.routing.plain import facts_from
from app.services.impact.mark import Mark, mark_of_plain
from app.services.sealed import row_name

PAGE: Final = 1000
# In the order of the primary key from where the last page ended, said of both tables: else PostgreSQL goes
# through all that lies before in the other one. What was erased has nothing to decide on.
_PAGE: Final = """
SELECT r.id, r.organisation_id, r.key_id, r.wrapped_key, d.version, d.rulebook_hash, d.directory_edition,
       d.receipt
  FROM referral r JOIN decision d ON d.referral_id = r.id AND d.version = r.decision_version
 WHERE r.id > $1 AND d.referral_id > $1 AND r.erased_at IS NULL AND d.receipt IS NOT NULL
 ORDER BY r.id LIMIT $2
"""
# What the planner thinks: counting takes as long as reading, and tells no more than how long it will take.
_ABOUT: Final = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'referral'::regclass"
# What a receipt that cannot be read may raise: a key that is gone, another key's text, bytes that are no
# receipt, or one that holds what no release ever wrote.
UNREADABLE: Final = (InvalidTag, ValueError, KeyError, TypeError)


class Kept(NamedTuple):
    """A referral's newest decision as it is kept, sealed, and what it was made with."""

    referral_id: UUID
    organisation_id: UUID
    key_id: str
    wrapped_key: bytes
    version: int
    rulebook_hash: str
    edition: int
    receipt: bytes


class Opened(NamedTuple):
    """What the decision was made from, and what it was."""

    facts: Facts
    on: date
    today: date
    routes: tuple[Mark, ...]


async def about_how_many(connection: AsyncConnection) -> int:
    """How many referrals there are, more or less."""
    found: int = await (await driver_of(connection)).fetchval(_ABOUT)
    return found


async def read_page(connection: AsyncConnection, after: UUID) -> Sequence[Kept]:
    """The next receipts in the order of their referrals' ids; none at the end."""
    rows = await (await driver_of(connection)).fetch(_PAGE, after, PAGE)
    return [Kept(*row) for row in rows]


def open_receipt(kept: Kept, keyring: Keyring) -> Opened:
    """What a receipt holds; raises one of UNREADABLE."""
    name = row_name(kept.organisation_id, kept.referral_id)
    key = keyring.open_data_key(kept.key_id, kept.wrapped_key, name)
    sealed = key.decrypt(kept.receipt, table="decision", column="receipt", row=f"{name}/{kept.version}")
    receipt: dict[str, Any] = plain_json(inflate(sealed))
    return Opened(
        facts_from(receipt["facts"]),
        date.fromisoformat(receipt["referenceDate"]),
        date.fromisoformat(receipt["today"]),
        tuple(map(mark_of_plain, receipt["decision"]["routes"])),
    )
