"""The seven things that whoever owns the database can do to the access log of an organisation (G24)."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import asyncpg

from app.services.chain_check import Break
from app.services.chain_links import COLUMNS, START

A, B = UUID(int=0xA), UUID(int=0xB)
Tamper = Callable[[asyncpg.Connection], Awaitable[object]]

ROWS: Final = """
INSERT INTO access_log (id, organisation_id, roles, acting_user, activity, purpose, referral_id, at)
SELECT gen_random_uuid(), ($2::uuid[])[1 + n % 2], ARRAY['team'], 'u-' || n, 'read_handover', 'support',
       gen_random_uuid(), now()
  FROM generate_series(1, $1) AS n
"""
RENUMBER: Final = "UPDATE access_log SET number = $3 WHERE organisation_id = $1 AND number = $2"
INSERT: Final = """
INSERT INTO access_log (id, organisation_id, roles, activity, purpose, at, number, hash)
SELECT gen_random_uuid(), organisation_id, roles, activity, purpose, at, 5, hash FROM access_log
 WHERE organisation_id = $1 AND number = 4
"""
ORDERED: Final = f"SELECT id AS row, {COLUMNS} FROM access_log WHERE organisation_id = $1 ORDER BY number"  # noqa: S608
LINK: Final = "UPDATE access_log SET number = $2, hash = $3 WHERE id = $1"


async def write(owner: asyncpg.Connection, count: int) -> None:
    """So many rows, of A and B in turns."""
    await owner.execute(ROWS, count, [A, B])


async def change(owner: asyncpg.Connection) -> object:
    """Another person looked."""
    return await owner.execute(
        "UPDATE access_log SET acting_user = NULL WHERE organisation_id = $1 AND number = 5", A
    )


async def delete_middle(owner: asyncpg.Connection) -> object:
    """One look is gone."""
    return await owner.execute("DELETE FROM access_log WHERE organisation_id = $1 AND number = 5", A)


async def insert(owner: asyncpg.Connection) -> object:
    """A look that never was; those after it move up."""
    for number in range(20, 4, -1):
        await owner.execute(RENUMBER, A, number, number + 1)
    return await owner.execute(INSERT, A)


async def swap(owner: asyncpg.Connection) -> object:
    """Two looks in the other order."""
    for number, new in ((5, 1_000), (6, 5), (1_000, 6)):
        await owner.execute(RENUMBER, A, number, new)
    return None


async def delete_tail(owner: asyncpg.Connection) -> object:
    """The last looks are gone."""
    return await owner.execute("DELETE FROM access_log WHERE organisation_id = $1 AND number > 17", A)


async def delete_chain(owner: asyncpg.Connection) -> object:
    """An organisation never looked at anybody."""
    return await owner.execute("DELETE FROM access_log WHERE organisation_id = $1", A)


async def rewrite(owner: asyncpg.Connection) -> object:
    """A chain without its fifth row and with another at its end, whole in itself and of the same length."""
    await delete_middle(owner)
    await owner.execute(ROWS, 1, [A, A])
    head = START
    for id, *columns in await owner.fetch(ORDERED, A):
        head = head.next(columns)
        await owner.execute(LINK, id, head.number, head.hash)
    return head


SEVEN: Final[dict[Tamper, Break]] = {
    change: Break(A, 5, "changed"),
    delete_middle: Break(A, 5, "missing"),
    insert: Break(A, 5, "changed"),
    swap: Break(A, 5, "changed"),
    delete_tail: Break(A, 18, "missing"),
    delete_chain: Break(A, 1, "missing"),
    rewrite: Break(A, 1, "rewritten"),
}
