"""Reads and links the rows of the access log in the order of their chains."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

from app.services.chain_links import COLUMNS, START, Head

PAGE: Final = 5_000
LAST_ID: Final = UUID(int=2**128 - 1)

LOCK: Final = "SELECT pg_try_advisory_xact_lock($1)"
ONE_AT_A_TIME: Final = 7_265_884  # any number, the same in every release: the key of the advisory lock

# One look at the index for each chain: all rows of a log that is kept for years would take minutes.
HEADS: Final = """
WITH RECURSIVE chains AS (
    (SELECT organisation_id FROM access_log WHERE number IS NOT NULL ORDER BY organisation_id LIMIT 1)
     UNION ALL
    SELECT (SELECT organisation_id FROM access_log
             WHERE number IS NOT NULL AND organisation_id > chains.organisation_id
             ORDER BY organisation_id LIMIT 1)
      FROM chains WHERE chains.organisation_id IS NOT NULL
)
SELECT head.organisation_id, head.number, head.hash
  FROM chains CROSS JOIN LATERAL (
       SELECT organisation_id, number, hash FROM access_log AS a
        WHERE a.organisation_id = chains.organisation_id AND number IS NOT NULL
        ORDER BY number DESC LIMIT 1) AS head
"""
AT: Final = """
SELECT a.organisation_id, a.number, a.hash
  FROM unnest($1::uuid[], $2::bigint[]) AS wanted (organisation_id, number)
  JOIN access_log AS a USING (organisation_id, number)
"""
UNLINKED: Final = f"""
SELECT organisation_id AS chain, id AS row, {COLUMNS} FROM access_log
 WHERE number IS NULL AND organisation_id <> ALL ($1::uuid[])
 ORDER BY access_log.organisation_id, access_log.id LIMIT $2
"""  # noqa: S608  our own words
LINK: Final = """
UPDATE access_log SET number = link.number, hash = link.hash
  FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) AS link (id, number, hash)
 WHERE access_log.id = link.id
"""
LINKED: Final = f"""
SELECT number, hash, {COLUMNS} FROM access_log
 WHERE organisation_id = $1 AND number >= $2 AND (number, access_log.id) > ($2, $3)
 ORDER BY number, access_log.id LIMIT {PAGE}
"""  # noqa: S608  our own words


async def take_turn(driver: asyncpg.Connection) -> bool:
    """Whether this is now the only one at the chains, until its transaction ends."""
    return bool(await driver.fetchval(LOCK, ONE_AT_A_TIME))


async def wait_for_turn(driver: asyncpg.Connection) -> None:
    """Waits until this is the only one at the chains, until its transaction ends."""
    await driver.execute("SELECT pg_advisory_xact_lock($1)", ONE_AT_A_TIME)


async def current_heads(driver: asyncpg.Connection) -> dict[UUID, Head]:
    """Where each chain in the database ends."""
    return {chain: Head(number, hash) for chain, number, hash in await driver.fetch(HEADS)}


async def links_at(driver: asyncpg.Connection, heads: Mapping[UUID, Head]) -> dict[UUID, Head]:
    """What stands in the database at the numbers of these heads; a chain without that number is left out."""
    numbers = [head.number for head in heads.values()]
    return {chain: Head(number, hash) for chain, number, hash in await driver.fetch(AT, list(heads), numbers)}


async def link_next(
    driver: asyncpg.Connection, heads: Mapping[UUID, Head], without: Iterable[UUID], at_once: int
) -> tuple[int, dict[UUID, Head]]:
    """Links rows to their chains, at most so many; returns how many, and the new heads of those chains.

    `heads` are those in the database; chains of `without` stay as they are.
    """
    rows = await driver.fetch(UNLINKED, list(without), at_once)
    new: dict[UUID, Head] = {}
    links: list[tuple[UUID, Head]] = []
    for chain, row, *columns in rows:
        new[chain] = (new.get(chain) or heads.get(chain, START)).next(columns)
        links.append((row, new[chain]))
    if links:
        numbers, hashes = [link.number for _, link in links], [link.hash for _, link in links]
        await driver.execute(LINK, [row for row, _ in links], numbers, hashes)
    return len(links), new


async def linked_rows(
    driver: asyncpg.Connection, chain: UUID, after: int
) -> AsyncIterator[Sequence[Sequence[Any]]]:
    """The rows of a chain beyond a number, page by page: number, hash, and then the columns that are hashed.

    A number that stands there twice is given twice.
    """
    last: tuple[int, UUID | str] = (after, LAST_ID)
    while page := await driver.fetch(LINKED, chain, *last):
        yield page
        last = (page[-1][0], page[-1][2])
