"""The processes that produce: each is told the edition it decides with, and replaced where it dies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from typing import Final

from app.adapters.tables import RawRow
from app.config import Settings
from app.errors import ProducersDie
from app.importing.aside import pack_edition, start_processes
from app.importing.process import Moment, begin, use_edition
from app.importing.producing import Job, produce
from app.importing.row import Produced
from app.resources import Resources
from app.routing import Rulebook
from app.services.references import Edition

# Rows at which a process died are tried again: the machine may have run out of memory for a moment.
MOST_TRIES: Final = 3


class _Producer:
    """One process, started when it is first needed, and again after it died."""

    def __init__(self, settings: Settings, rulebook: Rulebook) -> None:
        self._settings, self._rulebook = settings, rulebook
        self._executor: ProcessPoolExecutor | None = None
        self._edition: Edition | None = None
        self.busy = 0

    async def produce(
        self, job: Job, rows: Sequence[RawRow], edition: Edition, moment: Moment
    ) -> list[Produced]:
        """The rows decided with an edition; raises BrokenProcessPool where the process dies."""
        executor = self._started()
        self.busy += 1
        try:
            if self._edition is not edition:
                # Done before what is submitted after it: one process, in order.
                executor.submit(use_edition, pack_edition(edition))
                self._edition = edition
            return await asyncio.wrap_future(executor.submit(produce, job, rows, moment))
        except BrokenProcessPool:
            self.end(executor)
            raise
        finally:
            self.busy -= 1

    def end(self, executor: ProcessPoolExecutor | None = None) -> None:
        """Ends the process, or the one that is meant; what it works at is finished, nothing more."""
        if self._executor is not None and executor in (None, self._executor):
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = start_processes(1, begin, self._settings, dict(self._rulebook.files))
            self._edition = None
        return self._executor


class Producers:
    """The processes of one program, for all imports that it runs."""

    def __init__(self, settings: Settings, rulebook: Rulebook, processes: int) -> None:
        self._all = [_Producer(settings, rulebook) for _ in range(processes)]

    @property
    def window(self) -> int:
        """How many chunks to have under way, so that no process waits while one is stored."""
        return 2 * len(self._all) + 1

    async def produce(
        self, job: Job, rows: Sequence[RawRow], edition: Edition, moment: Moment
    ) -> list[Produced]:
        """The rows, decided and sealed, by the process with the least to do.

        Raises RowFailed, and ProducersDie where every process that is given these rows dies.
        """
        for _ in range(MOST_TRIES):
            least = min(self._all, key=lambda producer: producer.busy)
            try:
                return await least.produce(job, rows, edition, moment)
            except BrokenProcessPool:
                continue
        raise ProducersDie(rows[0].number, rows[-1].number)

    def end(self) -> None:
        """Ends all of them."""
        for producer in self._all:
            producer.end()


@asynccontextmanager
async def open_producers(resources: Resources, processes: int) -> AsyncIterator[Producers]:
    """Processes that produce until the block ends; each is started with the first rows for it."""
    producers = Producers(resources.settings, resources.rulebook, processes)
    try:
        yield producers
    finally:
        producers.end()
