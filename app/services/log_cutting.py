"""Cuts from the access log what was kept for its term: the beginning of each chain, as far as it holds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.adapters.identifiers import first_id
from app.adapters.postgres import driver_of
from app.errors import ChainBroken
from app.services.chain_heads import Anchor, Heads, keep_heads, read_heads
from app.services.chain_links import Head
from app.services.chain_rows import linked_rows, wait_for_turn

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# The last row of a chain stays: the next follows from it.
OVERDUE: Final = """
SELECT count(*) FROM access_log AS a
 WHERE a.id < $1 AND EXISTS (SELECT FROM access_log AS following
                              WHERE following.organisation_id = a.organisation_id
                                AND following.number = a.number + 1)
"""


async def overdue_looks(connection: AsyncConnection, before: datetime) -> int:
    """How many rows were written before a moment and may be cut."""
    found: int = await (await driver_of(connection)).fetchval(OVERDUE, first_id(before))
    return found


async def cut_log(connection: AsyncConnection, folder: Path, keyring: Keyring, before: datetime) -> int:
    """Cuts rows that are older than a moment, of each chain at most a page; the caller commits.

    Where a chain begins is anchored before its rows go: after a crash in between it is verified from there.
    Raises ChainBroken where a row that would go is not what was linked, once nothing else is left to cut.
    """
    driver = await driver_of(connection)
    await wait_for_turn(driver)
    heads = await read_heads(folder, keyring) or Heads()
    moved, broken = await _cuts(driver, heads, before)
    if moved:
        await keep_heads(folder, keyring, heads.with_anchors(moved))
    gone = 0
    for chain, anchor in {**heads.anchors, **moved}.items():
        if anchor.cut.number:
            gone += await driver.fetchval("SELECT cut_access_log($1, $2)", chain, anchor.cut.number)
    if broken and not gone:
        raise ChainBroken
    return gone


async def _cuts(
    driver: asyncpg.Connection, heads: Heads, before: datetime
) -> tuple[dict[UUID, Anchor], set[UUID]]:
    """The chains that begin later from now on, and those that do not hold up to there."""
    moved, broken = {}, set()
    for chain, anchor in heads.anchors.items():
        try:
            cut = await _cut_of(driver, chain, anchor, before)
        except ChainBroken:
            broken.add(chain)
            continue
        if cut != anchor.cut:
            moved[chain] = Anchor(anchor.head, cut)
    return moved, broken


async def _cut_of(driver: asyncpg.Connection, chain: UUID, anchor: Anchor, before: datetime) -> Head:
    """The last of the next rows that are old enough, each the one that was linked."""
    at, oldest_kept = anchor.cut, (before - _EPOCH) // timedelta(microseconds=1)
    async for page in linked_rows(driver, chain, at.number):
        for number, hash, *columns in page:
            if number >= anchor.head.number or columns[-1] >= oldest_kept:
                return at
            following = at.next(columns)
            if (number, hash) != (following.number, following.hash):
                raise ChainBroken
            at = following
        break
    return at
