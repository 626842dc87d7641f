"""The yardstick of an import: a raw COPY of exactly the rows that it wrote, into the same indexed tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from time import perf_counter
from typing import Final

import asyncpg

# Columns that a table works out itself cannot be copied into it.
_COLUMNS: Final = """
SELECT c.relname AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns
  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
   AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 GROUP BY c.relname
"""
_REFERENCES: Final = """
SELECT conrelid::regclass::text AS of, confrelid::regclass::text AS to
  FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid
"""


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of one table, in a file as COPY writes it in its binary form."""

    table: str
    columns: tuple[str, ...]
    rows: int
    file: Path


async def take_out(url: str, before: Mapping[str, int], folder: Path) -> list[Written]:
    """All rows that were written, in an order that foreign keys allow; `url` is the owner's.

    `before` tells how many each table had. Raises RuntimeError where a table had some and has more: which
    ones are new cannot be told.
    """
    owner = await asyncpg.connect(url)
    try:
        now, written = await counted(owner), []
        for table, columns in await _columns(owner):
            if now[table] == before[table]:
                continue
            if before[table]:
                raise RuntimeError(f"{table} was not empty before")
            file = folder / f"{table}.copy"
            await owner.copy_from_table(table, columns=columns, output=file, format="binary")
            written.append(Written(table, columns, now[table], file))
        return written
    finally:
        await owner.close()


async def copy_in(url: str, written: list[Written]) -> float:
    """Seconds that one COPY after the other takes, each a transaction of the owner."""
    owner = await asyncpg.connect(url, command_timeout=3600)
    try:
        await owner.execute("CHECKPOINT")
        started = perf_counter()
        for one in written:
            await owner.copy_to_table(one.table, columns=one.columns, source=one.file, format="binary")
        return perf_counter() - started
    finally:
        await owner.close()


async def rows_in(url: str) -> dict[str, int]:
    """How many rows each table holds."""
    owner = await asyncpg.connect(url)
    try:
        return await counted(owner)
    finally:
        await owner.close()


async def counted(owner: asyncpg.Connection) -> dict[str, int]:
    """How many rows each table holds, over a connection of the owner."""
    tables = [table for table, _ in await _columns(owner)]
    return {table: await owner.fetchval(f"SELECT count(*) FROM {table}") for table in tables}  # noqa: S608


async def _columns(owner: asyncpg.Connection) -> list[tuple[str, tuple[str, ...]]]:
    """The tables with their columns, those that others refer to first."""
    columns = {row["table"]: tuple(row["columns"]) for row in await owner.fetch(_COLUMNS)}
    order: TopologicalSorter[str] = TopologicalSorter()
    for table in sorted(columns):
        order.add(table)
    for row in await owner.fetch(_REFERENCES):
        order.add(row["of"], row["to"])
    return [(table, columns[table]) for table in order.static_order()]
