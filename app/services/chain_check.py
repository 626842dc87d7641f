"""Compares the access log with what is anchored of it: what was done to it, in which chain, from where on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.services.chain_heads import Anchor, Heads
from app.services.chain_links import START, Head
from app.services.chain_rows import current_heads, linked_rows

# A row is not what was linked, is not there, or the whole is another chain than the one that was anchored.
Damage = Literal["changed", "missing", "rewritten", "not_anchored"]


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold."""

    organisation_id: UUID
    number: int
    damage: Damage


@dataclass(frozen=True, slots=True)
class Checked:
    """How many rows of how many chains were looked at, those linked after the anchor, and what is broken."""

    chains: int
    rows: int
    beyond: int
    breaks: tuple[Break, ...]


async def check_chains(connection: AsyncConnection, heads: Heads) -> Checked:
    """Reads the whole log, chain by chain. The caller has the turn: no link comes between heads and rows."""
    driver = await driver_of(connection)
    current = await current_heads(driver)
    checks = [_Check(chain, heads.anchors.get(chain)) for chain in sorted({*current, *heads.anchors})]
    for check in checks:
        async for page in linked_rows(driver, check.chain, check.at.number):
            check.take(page)
            if check.found:
                break
        check.end()
    breaks = tuple(check.found for check in checks if check.found)
    return Checked(len(checks), sum(c.rows for c in checks), sum(c.beyond for c in checks), breaks)


@dataclass(slots=True)
class _Check:
    """One chain on its way: up to where it holds."""

    chain: UUID
    anchor: Anchor | None
    at: Head = field(init=False)
    rows: int = 0
    beyond: int = 0
    found: Break | None = None

    def __post_init__(self) -> None:
        self.at = self.anchor.cut if self.anchor else START

    def take(self, page: Sequence[Sequence[Any]]) -> None:
        """Follows the chain over these rows, until the first that does not hold."""
        for number, hash, *columns in page:
            expected = self.at.next(columns)
            if number > expected.number:
                return self._break("missing", expected.number)
            if (number, hash) != (expected.number, expected.hash):
                return self._break("changed", number)
            self.at = expected
            self.rows += 1
            if self.anchor and number == self.anchor.head.number and hash != self.anchor.head.hash:
                return self._break("rewritten", self.anchor.cut.number + 1)
        return None

    def end(self) -> None:
        """After the last row: all that is anchored must have been there."""
        if self.found:
            return
        if self.anchor is None:
            self._break("not_anchored", 1)
        elif self.at.number < self.anchor.head.number:
            self._break("missing", self.at.number + 1)
        else:
            self.beyond = self.at.number - self.anchor.head.number

    def _break(self, damage: Damage, number: int) -> None:
        self.found = Break(self.chain, number, damage)
