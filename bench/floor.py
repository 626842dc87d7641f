"""The bare floor: an ASGI app that stores the rows of one of our referrals anew in one raw statement."""

import gc
import json
import os
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg
import uvicorn
from starlette.types import Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from app.cli.serve import COLLECT_AFTER
from bench.stage import TABLES, example_answer

POOL_SIZE: Final = 16
# PostgreSQL gives the first, the worker the others.
GIVEN_LATER: Final = frozenset({"written", "number", "hash"})
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One INSERT into all tables, with what its parameters were for the model.

    `fresh` says where each identifier of the model stands: all its places get one new identifier.
    """

    sql: str
    parameters: tuple[Any, ...]
    fresh: tuple[tuple[int, ...], ...]
    reference_at: int

    def anew(self) -> list[Any]:
        """The parameters of a new referral: other identifiers and source reference, all else the same."""
        parameters = list(self.parameters)
        for places in self.fresh:
            id = uuid7()
            for place in places:
                parameters[place] = id
        parameters[self.reference_at] = os.urandom(32)
        return parameters


def statement_of(rows: Rows) -> Statement:
    """The statement that stores rows like these; their own identifiers are those called `id`."""
    own = {row["id"] for table_rows in rows.values() for row in table_rows if "id" in row}
    places: dict[UUID, list[int]] = {}
    parameters: list[Any] = []
    inserts, reference_at = [], -1
    for table, table_rows in rows.items():
        if not table_rows:
            continue
        columns = list(table_rows[0])
        values = []
        for row in table_rows:
            numbers = range(len(parameters), len(parameters) + len(columns))
            for number, (column, value) in zip(numbers, row.items(), strict=True):
                if isinstance(value, UUID) and value in own:
                    places.setdefault(value, []).append(number)
                if column == "source_reference_index":
                    reference_at = number
                parameters.append(value)
            values.append(f"({', '.join(f'${number + 1}' for number in numbers)})")
        inserts.append(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join(values)}")  # noqa: S608  names from the catalogue
    *first, last = inserts
    ctes = ", ".join(f"w{number} AS ({insert})" for number, insert in enumerate(first))
    return Statement(
        f"WITH {ctes} {last}", tuple(parameters), tuple(map(tuple, places.values())), reference_at
    )


async def rows_of(connection: asyncpg.Connection, referral: UUID) -> Rows:
    """All rows that a referral gave."""
    found: Rows = {}
    for table in TABLES:
        key = "id" if table == "referral" else "referral_id"
        records = await connection.fetch(f"SELECT * FROM {table} WHERE {key} = $1", referral)  # noqa: S608  our own names
        found[table] = [
            {name: value for name, value in record.items() if name not in GIVEN_LATER} for record in records
        ]
    return found


class Floor:
    """Answers every POST with 201 once the rows are stored; nothing is looked at."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the start and end of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        if scope["method"] == "POST":
            await self._pool.execute(self._statement.sql, *self._statement.anew())
        await send(self._start if scope["method"] == "POST" else _READY)
        await send(self._body)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._open()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self) -> None:
        answer = example_answer()
        length = str(len(answer)).encode()
        # The wall stands here too, and lets the role of the service in as a whole.
        self._pool = await asyncpg.create_pool(
            os.environ["DATABASE_URL"],
            min_size=POOL_SIZE,
            max_size=POOL_SIZE,
            server_settings={"verwijsroute.scope": "system"},
        )
        async with self._pool.acquire() as connection:
            self._statement = statement_of(await rows_of(connection, UUID(json.loads(answer)["id"])))
        # An answer as long as ours, so that the same bytes travel.
        self._body: Message = {"type": "http.response.body", "body": answer}
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        self._start: Message = {"type": "http.response.start", "status": 201, "headers": headers}


_READY: Final[Message] = {"type": "http.response.start", "status": 200, "headers": []}


if __name__ == "__main__":
    uvicorn.run(
        Floor(),
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        lifespan="on",
        access_log=False,
        log_level="warning",
    )
