"""Starts the service with what breaks under canaries: `python -m tests.canaries.planted FAULTS serve`.

`breaking` is always there: a path at which the database refuses what the test says, and a job of the worker
that does the same. The others are faults of ours that the search must find. Here alone, never in the program.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

import app.main
from app.adapters import log
from app.adapters.postgres import driver_of
from app.api import edge
from app.cli import beside, main
from app.resources import Resources
from app.worker import JOBS, process
from app.worker.job import Job
from tests.faults.planted_delivery import put

PATH: Final = "/v1/planted/{kind}"
WORKER_SAYS: Final = "CANARY_OF_THE_WORKER"
ORGANISATION: Final = "INSERT INTO organisation (id, kind, code, name, created_at) VALUES "
# What PostgreSQL refuses, with the canary as a parameter; where it says so, as part of the statement.
REFUSED: Final = {
    "unique": ORGANISATION + "(gen_random_uuid(), 'school', :word, :word, now()), "
    "(gen_random_uuid(), 'school', :word, :word, now())",
    "check": ORGANISATION + "(gen_random_uuid(), :word, :word, :word, now())",
    "null": ORGANISATION + "(NULL, 'school', :word, :word, now())",
    "foreign_key": "INSERT INTO credential "
    "(id, organisation_id, public_id, secret_sha256, label, roles, created_at) VALUES "
    "(gen_random_uuid(), gen_random_uuid(), :word, sha256('x'), :word, '{referrer}', now())",
    "denied": "SELECT CAST(:word AS text) FROM pg_authid",
    "literal": "SELECT 'WORD' FROM nowhere",
    "syntax": "SELEC 'WORD'",
    "raised": "DO $$ BEGIN RAISE EXCEPTION 'WORD' USING DETAIL = 'WORD', HINT = 'WORD'; END $$",
    "cast": "SELECT CAST(CAST(:word AS text) AS integer)",
    "json": "SELECT CAST(CAST(:word AS text) AS jsonb)",
    "serialization": "DO $$ BEGIN RAISE EXCEPTION 'WORD' USING ERRCODE = '40001'; END $$",
    "statement_timeout": "SELECT pg_sleep(60), CAST(:word AS text)",
}
SPELLED_OUT: Final = tuple(kind for kind, statement in REFUSED.items() if "WORD" in statement)
# What the driver refuses.
ARGUMENTS: Final = {
    "driver_type": "SELECT CAST(:word AS integer)",
    "driver_null": "SELECT CAST(:word AS text)",
}
# Two transactions that wait for each other.
DEADLOCK: Final = "SELECT pg_advisory_xact_lock({}), 'WORD'"
KINDS: Final = (*REFUSED, *ARGUMENTS, "deadlock", "lock_timeout", "python")


async def break_down(resources: Resources, kind: str, word: str) -> None:
    """Raises the error of a kind, with the canary in it."""
    async with resources.database.transaction() as connection:
        if kind == "statement_timeout":
            await connection.execute(text("SET LOCAL statement_timeout = 50"))
        if kind in REFUSED:
            await connection.execute(text(REFUSED[kind].replace("WORD", word)), {"word": word})
        elif kind in ARGUMENTS:
            ending = "\x00" if kind == "driver_null" else ""
            await connection.execute(text(ARGUMENTS[kind]), {"word": word + ending})
        elif kind == "deadlock":
            await _wait_for_each_other(resources, connection, word)
        elif kind == "lock_timeout":
            await _wait_in_vain(resources, connection, word)
        raise ValueError(word)


async def _wait_for_each_other(resources: Resources, one: AsyncConnection, word: str) -> None:
    async with resources.database.transaction() as other:
        first, second = await driver_of(one), await driver_of(other)
        await first.execute(DEADLOCK.format(1).replace("WORD", word))
        await second.execute(DEADLOCK.format(2).replace("WORD", word))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(first.execute(DEADLOCK.format(2).replace("WORD", word)))
            tasks.create_task(second.execute(DEADLOCK.format(1).replace("WORD", word)))


async def _wait_in_vain(resources: Resources, one: AsyncConnection, word: str) -> None:
    async with resources.database.transaction() as other:
        await (await driver_of(one)).execute(DEADLOCK.format(3).replace("WORD", word))
        await other.execute(text("SET LOCAL lock_timeout = 50"))
        await (await driver_of(other)).execute(DEADLOCK.format(3).replace("WORD", word))


def breaking() -> None:
    """The path that breaks down; the worker beside it breaks down as well."""
    create = app.main.create_app

    async def plant(request: Request) -> Response:
        word = (await request.json())["word"]
        await break_down(request.app.state.resources, request.path_params["kind"], word)
        raise AssertionError

    def create_breaking() -> FastAPI:
        built = create()
        built.add_api_route(PATH, plant, methods=["POST"])
        return built

    put(app.main, "create_app", create_breaking)
    put(beside, "COMMAND", (sys.executable, "-m", "tests.canaries.planted", "worker"))


def errors_told() -> None:
    """A log line with the text of an error."""
    put(edge, "place_of", str)


def keys_unknown() -> None:
    """A log line with whatever it is given, the query of the request among it."""
    line = edge._line

    def with_query(scope: Any, *arguments: Any) -> dict[str, Any]:
        return {**line(scope, *arguments), "query": scope["query_string"].decode("latin-1")}

    put(edge, "_line", with_query)
    put(log, "_known_keys_alone", lambda _logger, _method, line: line)


def values_repeated() -> None:
    """FastAPI's own answer to a parameter that does not fit, which repeats it."""
    create = app.main.create_app

    def create_repeating() -> FastAPI:
        built = create()
        built.add_exception_handler(RequestValidationError, request_validation_exception_handler)  # type: ignore[arg-type]
        return built

    put(app.main, "create_app", create_repeating)


def requests_logged() -> None:
    """uvicorn's own access log."""
    configure = uvicorn.Config.__init__

    def talkative(self: uvicorn.Config, *arguments: Any, **named: Any) -> None:
        configure(self, *arguments, **{**named, "access_log": True, "log_level": "info"})

    uvicorn.Config.__init__ = talkative  # type: ignore[method-assign]


FAULTS: Final[dict[str, Callable[[], None]]] = {
    fault.__name__: fault for fault in (breaking, errors_told, keys_unknown, values_repeated, requests_logged)
}


def job(kind: str) -> Job:
    """A job of the worker that breaks down."""

    async def run(resources: Resources) -> int:
        await break_down(resources, kind, json.loads(os.environ[WORKER_SAYS])[kind])
        return 0

    return Job(f"planted_{kind}", timedelta(minutes=5), run)


if __name__ == "__main__":
    planted = sys.argv.pop(1)
    if planted == "worker":
        put(process, "JOBS", (*JOBS, *map(job, KINDS)))
        process.run(sys.argv[1:])
    else:
        for name in planted.split(","):
            FAULTS[name]()
        main()
