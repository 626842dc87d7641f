"""Starts the service with faults planted: `python -m tests.faults.planted BUG[,BUG] serve`; its worker too.

A test that this server passes proves nothing. Here alone, never in the program itself.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import false, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.erasure_ledger import ErasureLedger
from app.api.gate import Gate
from app.cli import beside, main, serve
from app.db import failures
from app.db.database import Database, Session
from app.deps import credentials
from app.models import Decision
from app.services import clients, erasing, fingerprints, preparing
from app.services.lifecycle import opening
from tests.faults.planted_delivery import FAULTS, put

LEAK_EVERY: Final = 20
COMMIT_LATER_SECONDS: Final = 0.6


def unnamed_failures() -> None:
    """Every failure of the database is a fault of ours: 500."""
    put(failures, "PASSING", ())


def forgotten_keys() -> None:
    """Neither source reference nor idempotency key is kept: a repeat is a new referral."""
    remember = fingerprints.fingerprints

    def forget(*arguments: Any) -> fingerprints.Fingerprints:
        return replace(remember(*arguments), key=None, source_reference=None)

    put(preparing, "fingerprints", forget)


def forgotten_step_keys() -> None:
    """A step that was taken before is looked at as a new one."""

    async def forget(*_: Any) -> bool:
        return True

    put(opening, "claim_key", forget)


def unrecorded_erasures() -> None:
    """The ledger of erasures is not written."""

    def forget(*_: Any) -> None:
        pass

    ErasureLedger.append = forget  # type: ignore[method-assign, assignment]


def receipts_that_stay() -> None:
    """Erasure forgets the receipts of the decisions."""

    def forget(table: Any) -> Any:
        return update(table).where(false()) if table is Decision else update(table)

    put(erasing, "update", forget)


def blocked_loop() -> None:
    """Every caller that is authenticated keeps all others waiting."""

    async def slowly(*arguments: Any) -> Any:
        time.sleep(0.25)  # noqa: ASYNC251  that is the fault
        return await clients.authenticate(*arguments)

    put(credentials, "authenticate", slowly)


def remembered_callers() -> None:
    """Who was known once is not asked for again."""
    known: dict[str, clients.Client] = {}

    async def remember(connection: AsyncConnection, key: str, *arguments: Any) -> clients.Client:
        if key not in known:
            known[key] = await clients.authenticate(connection, key, *arguments)
        return known[key]

    put(credentials, "authenticate", remember)


def leaked_connections() -> None:
    """Now and then a request takes a second connection, and never gives it back."""
    session: Callable[[Database], Any] = Database.session
    kept: list[AsyncConnection] = []
    count = iter(range(sys.maxsize))

    @asynccontextmanager
    async def leaking(self: Database) -> AsyncIterator[Session]:
        async with session(self) as opened:
            if next(count) % LEAK_EVERY == LEAK_EVERY - 1:
                kept.append(await self.engine.connect())
            yield opened

    Database.session = leaking  # type: ignore[method-assign]


def hoarded_bodies() -> None:
    """Every body that was read stays in memory."""
    read = Gate._read
    hoard: list[bytes] = []

    async def hoarding(self: Gate, receive: Any, limit: int) -> bytes | None:
        body = await read(self, receive, limit)
        hoard.append(bytes(bytearray(body or b"")) + bytes(200_000))
        return body

    Gate._read = hoarding  # type: ignore[method-assign]


def endless_patience() -> None:
    """uvicorn as it comes, without deadlines, and bodies that are waited for as long as it takes."""
    put(serve, "_connection", lambda *_: "httptools")
    begin = Gate.__init__

    def patient(self: Gate, app: Any, **bounds: Any) -> None:
        begin(self, app, **bounds | {"body_timeout_seconds": bounds["body_timeout_seconds"] * 1000})

    Gate.__init__ = patient  # type: ignore[method-assign]


def answered_before_committed() -> None:
    """The answer goes out while the transaction is still open; it is committed a moment later."""
    session: Callable[[Database], Any] = Database.session
    committing: set[asyncio.Task[None]] = set()

    async def commit(opened: Any) -> None:
        await asyncio.sleep(COMMIT_LATER_SECONDS)
        await opened.__aexit__(None, None, None)

    @asynccontextmanager
    async def hasty(self: Database) -> AsyncIterator[Session]:
        opened = session(self)
        begun = await opened.__aenter__()
        try:
            yield begun
        except BaseException as error:
            await opened.__aexit__(type(error), error, error.__traceback__)
            raise
        task = asyncio.create_task(commit(opened))
        committing.add(task)
        task.add_done_callback(committing.discard)

    Database.session = hasty  # type: ignore[method-assign]


BUGS: Final = {
    bug.__name__: bug
    for bug in (
        unnamed_failures,
        forgotten_keys,
        forgotten_step_keys,
        unrecorded_erasures,
        receipts_that_stay,
        blocked_loop,
        remembered_callers,
        leaked_connections,
        hoarded_bodies,
        endless_patience,
        answered_before_committed,
    )
}

if __name__ == "__main__":
    planted = sys.argv.pop(1)
    # The worker beside it is a program of its own, with the faults that are a worker's.
    put(beside, "COMMAND", (sys.executable, "-m", "tests.faults.planted_delivery", planted))
    for name in planted.split(","):
        if name not in FAULTS:
            BUGS[name]()
    main()
