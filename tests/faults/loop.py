"""The closed loop as processes: PostgreSQL, service and worker, receiver, clients, and what they found."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg

from app.adapters.embedded_postgres import EmbeddedPostgres
from app.config import Settings
from app.services.delivery_steps import LEASE
from tests.faults.caseload import SCHOOL, TEAM, Caseload, Json, read_feed, working
from tests.faults.load import LAST_ANSWER_SECONDS, new_seed, until
from tests.faults.postgres import copied_cluster, over, owner_of, state_of
from tests.faults.receiver import Receiver, receiver_in
from tests.faults.service import Service, free_port, serving
from tests.faults.stage import Prepared
from tests.faults.told import STILL_OPEN, Subscribed, Told, told
from tests.faults.wire import Wire

WEBHOOKS: Final = {"webhook_allow_loopback": True, "webhook_deadline_seconds": 2.0}
CLIENTS: Final = 3
ORGANISATION: Final = "SELECT id::text FROM organisation WHERE kind = $1 AND code = $2"
CLAIMED: Final = "SELECT count(*) FROM webhook_delivery WHERE claimed_until > now()"


@dataclass(slots=True)
class Mortal:
    """A service that is ended and started again on the same port."""

    settings: Settings
    folder: Path
    bug: str | None
    port: int = field(default_factory=free_port)
    service: Service | None = None
    _life: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        """Starts it; returns when it answers."""
        running = serving(self.settings, self.folder, bug=self.bug, port=self.port)
        self.service = self._life.enter_context(running)

    def family(self) -> list[int]:
        """The process ids of server and worker."""
        assert self.service is not None
        return self.service.family()

    def kill(self) -> None:
        """SIGKILL to the process group: server and worker are gone when this returns."""
        assert self.service is not None
        os.killpg(self.service.process.pid, signal.SIGKILL)
        self._life.close()

    def stop(self) -> float:
        """SIGTERM to the server; seconds until it had ended, its worker with it."""
        assert self.service is not None
        began, worker = time.monotonic(), self.family()[1:]
        self.service.process.send_signal(signal.SIGTERM)
        self.service.process.wait()
        seconds = time.monotonic() - began
        assert all(state_of(process) in {"", "Z"} for process in worker), "the worker outlived its server"
        self._life.close()
        return seconds

    def close(self) -> None:
        """Ends it."""
        self._life.close()


@dataclass(slots=True)
class Loop:
    """One run. `load` is there while clients work, and `found` once the comparison was made."""

    server: EmbeddedPostgres
    owner: asyncpg.Connection
    mortal: Mortal
    receiver: Receiver
    subscribed: list[Subscribed]
    keys: dict[str, str]
    feed: list[Json] = field(default_factory=list)
    load: Caseload | None = None
    found: Told | None = None

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[Caseload]:
        """Clients refer and take steps until the block ends."""
        school, team = self.keys[SCHOOL], self.keys[TEAM]
        async with working(self.mortal.port, school, team, new_seed(), CLIENTS) as self.load:
            yield self.load

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """The school follows its feed until the block ends, and then to its end."""
        stop = asyncio.Event()
        task = asyncio.create_task(read_feed(self.mortal.port, self.keys[SCHOOL], self.feed, stop))
        try:
            yield
        finally:
            stop.set()
            async with asyncio.timeout(LAST_ANSWER_SECONDS):
                await task

    @asynccontextmanager
    async def worked(self, quiet_seconds: float) -> AsyncIterator[Caseload]:
        """Receiver up, clients at work and the feed read until the block ends; then what is open is sent, as
        `drain` waits for it, and everything compared.
        """
        with self.receiver.up():
            async with self.reading():
                async with self.busy() as load:
                    yield load
                await self.drain(quiet_seconds)
            await self.compare()

    async def look_again(self) -> None:
        """A new connection, after the database was away."""
        self.owner.terminate()
        self.owner = await owner_of(self.server)

    async def close(self) -> None:
        """Looks no more."""
        await self.owner.close()

    async def telling(self) -> bool:
        """Waits for the receiver to hear something more; whether it did before any lease had long ended."""
        heard = self.receiver.size()
        return await until(lambda: self.receiver.size() > heard, LEASE.total_seconds() + 30)

    async def under_way(self) -> int:
        """Deliveries that somebody has claimed now."""
        return int(await self.owner.fetchval(CLAIMED))

    async def sending(self, seconds: float) -> bool:
        """Waits for a delivery under way; whether there was one in time."""
        end = time.monotonic() + seconds
        while not await self.under_way():
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.005)
        return True

    async def drain(self, quiet_seconds: float) -> None:
        """Waits until nothing is left to number or to send to those compared, however long that takes.

        Gives up where so many seconds bring nothing: a slow machine loses nothing, a stream that stands does.
        """
        ids, heard, since = [one.id for one in self.subscribed], -1, 0.0
        while await self.owner.fetchval(STILL_OPEN, ids):
            if self.receiver.size() > heard:
                heard, since = self.receiver.size(), time.monotonic()
            if time.monotonic() - since > quiet_seconds:
                return
            await asyncio.sleep(0.1)

    async def compare(self) -> Told:
        """Compares everything with what clients were told."""
        assert self.load is not None
        arrivals = self.receiver.arrivals()
        self.found = await told(self.owner, self.load, self.feed, arrivals, self.subscribed)
        return self.found

    def broken(self) -> dict[str, object]:
        """Every promise that was broken, with how often or what instead."""
        assert self.found is not None
        assert self.load is not None
        odd = self.load.odd_statuses()
        return {**self.found.faults(), **({"answered": odd} if odd else {})}

    def in_words(self) -> str:
        """The raw counts."""
        assert self.found is not None
        assert self.load is not None
        told = f"{len(self.receiver.arrivals())} deliveries arrived, {len(self.feed)} events read"
        return f"{self.load.in_words()}\n    {told}: {self.found.in_words()}"


@asynccontextmanager
async def closed_loop(
    prepared: Prepared, folder: Path, *, bug: str | None = None, place: Path | None = None
) -> AsyncIterator[Loop]:
    """Everything up, a school and a municipality subscribed, nobody working yet.

    `place` is an existing folder for the database, as of a small file system.
    """
    async with AsyncExitStack() as stack:
        server = stack.enter_context(copied_cluster(prepared.cluster, place))
        settings = over(prepared.settings, server).model_copy(update=WEBHOOKS)
        mortal = Mortal(settings, folder, bug)
        stack.callback(mortal.close)
        receiver = receiver_in(folder)
        await asyncio.to_thread(mortal.start)
        loop = Loop(server, await owner_of(server), mortal, receiver, [], prepared.keys)
        stack.push_async_callback(loop.close)
        for number, name in enumerate((SCHOOL, TEAM)):
            loop.subscribed.append(await subscribe(loop, name, str(number)))
        yield loop


async def subscribe(loop: Loop, name: str, path: str) -> Subscribed:
    """Subscribes an organisation to everything, at a path of the receiver."""
    body = json.dumps({"url": loop.receiver.url(path)}).encode()
    async with Wire(loop.mortal.port, loop.keys[name]) as wire:
        made: dict[str, Any] = (await wire.post("/v1/webhook-subscriptions", body)).json()
    loop.receiver.keep_secret(path, made["secret"])
    organisation = await loop.owner.fetchval(ORGANISATION, *name.split())
    return Subscribed(path, made["id"], organisation)
