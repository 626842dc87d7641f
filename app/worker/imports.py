"""Works off imports that were sent: a few at a time, one of each organisation, in turns."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from app.errors import ImportBusy
from app.importing.pool import Producers, open_producers
from app.importing.told import Progress
from app.importing.upload_source import ReadingStopped
from app.importing.working import work_off
from app.resources import Resources
from app.services.importing.arriving import forget_broken_uploads
from app.services.importing.imports import waiting_imports
from app.worker.job import Job

# How long an import goes on, in seconds, while another organisation waits for its place.
TURN: Final = 60.0
# When to look again at one that another worker works off, and at one that this one failed at, in seconds.
LOOK_AGAIN: Final = 0.5
TRY_AGAIN: Final = 30.0
# How long the processes that decide, 100 MB each, wait for the next import after the last one, in seconds.
REST: Final = 60.0


@dataclass(slots=True)
class Turn:
    """An import that a worker works off, until `stop` is set.

    It began with its first rows: a file that takes long to be examined would never get to them else.
    """

    id: UUID
    organisation_id: UUID
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    began: float | None = None

    def go_on(self, progress: Progress) -> None:
        """Some more rows are stored, or it waits."""
        if self.began is None and progress.waiting is None:
            self.began = time.monotonic()


class Importing:
    """What this worker has under way, and when it may look again at what it could not end."""

    def __init__(self, turn: float = TURN, rest: float = REST) -> None:
        self._turn, self._rest = turn, rest
        self._ended = 0.0
        self._under_way: dict[asyncio.Task[None], Turn] = {}
        self._later: dict[UUID, float] = {}
        self._last: dict[UUID, float] = {}
        self._open = AsyncExitStack()
        self._producers: Producers | None = None

    @property
    def under_way(self) -> list[Turn]:
        """What is worked off now."""
        return list(self._under_way.values())

    async def run(self, resources: Resources) -> int:
        """Begins what waits as far as there is room; returns how many began or ended."""
        longest = timedelta(seconds=resources.settings.import_upload_seconds) + timedelta(minutes=10)
        async with resources.database.transaction() as connection:
            await forget_broken_uploads(connection, resources.clock.now() - longest)
            waiting = await waiting_imports(connection)
        next_ = self._next(waiting)
        room = resources.settings.imports_at_once - len(self._under_way)
        for id, organisation_id in next_[: max(room, 0)]:
            await self._begin(resources, Turn(id, organisation_id))
        if len(next_) > room:
            self._give_way()
        done = min(len(next_), max(room, 0)) + await self._reap(LOOK_AGAIN)
        self._rest_after_the_last()
        return done

    async def finish(self) -> None:
        """Has all stop after the chunk that they are at; another worker goes on with them."""
        for turn in self._under_way.values():
            turn.stop.set()
        try:
            while self._under_way:
                await self._reap(None)
        finally:
            await self._open.aclose()
            self._producers = None

    def _next(self, waiting: list[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID]]:
        """The first of each organisation that is not under way here, in the order of their last turns.

        One that this worker failed at does not keep the organisation's others waiting.
        """
        busy, now = {turn.organisation_id for turn in self._under_way.values()}, time.monotonic()
        ids, organisations = {id for id, _ in waiting}, {organisation_id for _, organisation_id in waiting}
        self._later = {id: at for id, at in self._later.items() if id in ids}
        self._last = {whose: at for whose, at in self._last.items() if whose in organisations | busy}
        firsts: dict[UUID, UUID] = {}
        for id, organisation_id in waiting:
            if self._later.get(id, 0.0) <= now and organisation_id not in busy:
                firsts.setdefault(organisation_id, id)
        ordered = sorted(firsts.items(), key=lambda one: self._last.get(one[0], 0.0))
        return [(id, organisation_id) for organisation_id, id in ordered]

    async def _begin(self, resources: Resources, turn: Turn) -> None:
        if self._producers is None:
            opening = open_producers(resources, resources.settings.import_processes)
            self._producers = await self._open.enter_async_context(opening)
        self._last[turn.organisation_id] = time.monotonic()
        working = work_off(
            resources, self._producers, turn.organisation_id, turn.id, turn.stop, tell=turn.go_on
        )
        self._under_way[asyncio.create_task(working)] = turn

    def _give_way(self) -> None:
        """Others wait: whoever had a whole turn goes on after them, from where it stopped."""
        ended = time.monotonic() - self._turn
        for turn in self._under_way.values():
            if turn.began is not None and turn.began <= ended:
                turn.stop.set()

    def _rest_after_the_last(self) -> None:
        """Ends the processes that decide where no import came for long; the next one starts them again."""
        idle = not self._under_way and time.monotonic() - self._ended > self._rest
        if idle and self._producers is not None:
            self._producers.end()

    async def _reap(self, seconds: float | None) -> int:
        """Takes out what has ended, and raises what went wrong with it. Returns how many."""
        if not self._under_way:
            return 0
        ended, _ = await asyncio.wait(self._under_way, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        errors = [error for task in ended if (error := self._taken_out(task))]
        if errors:
            raise errors[0]
        return len(ended)

    def _taken_out(self, task: asyncio.Task[None]) -> BaseException | None:
        """Notes when to look at the import again; what went wrong with it, where that is a failure."""
        turn, error = self._under_way.pop(task), task.exception()
        self._ended = time.monotonic()
        failed = error is not None and not isinstance(error, ImportBusy | ReadingStopped)
        pause = TRY_AGAIN if failed else LOOK_AGAIN if error else 0.0
        self._later[turn.id] = time.monotonic() + pause
        return error if failed else None


def importing_job() -> Job:
    """The job, with nothing under way."""
    importing = Importing()
    return Job("imports", timedelta(seconds=1), importing.run, finish=importing.finish)


JOB: Final = importing_job()
