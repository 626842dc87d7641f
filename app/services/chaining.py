"""Links committed rows of the access log, and says what of its chains is to be anchored."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.errors import ChainBroken
from app.services.chain_heads import Anchor, Heads, Restart
from app.services.chain_links import START, Head
from app.services.chain_rows import current_heads, link_next, links_at

LINKED_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Linked:
    """How many rows were linked, the heads to anchor once that is committed, and which chains are broken."""

    rows: int
    heads: Heads
    broken: frozenset[UUID]


async def link_rows(connection: AsyncConnection, heads: Heads, at_once: int = LINKED_AT_ONCE) -> Linked:
    """Links the next rows, at most so many. The caller has the turn, and commits.

    A chain that does not hold what is anchored of it is left as it is: to go on from it would cover up what
    was done to it.
    """
    driver = await driver_of(connection)
    current = await current_heads(driver)
    broken = await broken_chains(connection, heads)
    rows, new = await link_next(driver, current, broken, at_once)
    anchors = {
        chain: Anchor(head, heads.anchors[chain].cut) if chain in heads.anchors else Anchor(head)
        for chain, head in {**current, **new}.items()
        if chain not in broken
    }
    return Linked(rows, heads.with_anchors(anchors), broken)


async def broken_chains(connection: AsyncConnection, heads: Heads) -> frozenset[UUID]:
    """The chains of which the database does not hold the row that is anchored."""
    kept = {chain: one.head for chain, one in heads.anchors.items() if one.head.number > one.cut.number}
    there = await links_at(await driver_of(connection), kept)
    return frozenset(chain for chain, head in kept.items() if there.get(chain) != head)


async def first_heads(connection: AsyncConnection) -> Heads:
    """The heads of a log that has no links yet; raises ChainBroken where it has: their heads were lost."""
    if await current_heads(await driver_of(connection)):
        raise ChainBroken
    return Heads()


async def accept_chains(connection: AsyncConnection, heads: Heads, now: datetime) -> Heads:
    """The heads as the database has them, each that differs from what was anchored on record.

    For after a restore, when rows are gone that were anchored. The caller has the turn.
    """
    current = await current_heads(await driver_of(connection))
    broken = await broken_chains(connection, heads)
    unknown = current.keys() - heads.anchors.keys()
    restarts = tuple(
        Restart(chain, now.isoformat(), _head_of(heads, chain), current.get(chain, START))
        for chain in sorted(broken | unknown)
    )
    anchors = {one.organisation_id: Anchor(one.has, _cut_of(heads, one)) for one in restarts}
    return replace(heads.with_anchors(anchors), restarts=(*heads.restarts, *restarts))


def _head_of(heads: Heads, chain: UUID) -> Head:
    return heads.anchors[chain].head if chain in heads.anchors else START


def _cut_of(heads: Heads, restart: Restart) -> Head:
    """Where the chain begins; where it was restored to before its cut, at its very beginning."""
    cut = heads.anchors[restart.organisation_id].cut if restart.organisation_id in heads.anchors else START
    return cut if cut.number <= restart.has.number else START
