"""What a statement really reads: its plan, run, with the rows of every scan counted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection

_EXPLAIN: Final = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "


@dataclass(frozen=True, slots=True)
class Reading:
    """What running a statement took.

    `rows` are those that its scans touched, used or not; `whole` the tables that were read from end to end.
    """

    rows: int
    buffers: int
    whole: frozenset[str]


@contextmanager
def noted(connection: AsyncConnection) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that runs on the connection meanwhile, with its parameters."""
    statements: list[tuple[str, Any]] = []

    def note(_: Connection, __: object, statement: str, parameters: Any, *___: object) -> None:
        statements.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(connection.sync_connection, "before_cursor_execute", note)


async def reading_of(connection: AsyncConnection, statement: str, parameters: Any) -> Reading:
    """Runs a statement that `noted` gave once more, and looks at how it was run; not at what was not."""
    result = await connection.exec_driver_sql(_EXPLAIN + statement, parameters)
    explained = result.scalar_one()
    (plan,) = json.loads(explained) if isinstance(explained, str) else explained
    top = plan["Plan"]
    nodes = [node for node in _nodes(top) if node["Actual Loops"]]
    return Reading(
        rows=sum(_rows(node) for node in nodes if node["Node Type"].endswith("Scan")),
        buffers=top["Shared Hit Blocks"] + top["Shared Read Blocks"],
        whole=frozenset(node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"),
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _rows(node: dict[str, Any]) -> int:
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    rows: float = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return round(rows)
