"""Goes through the rows of an import: produced ahead by several processes, stored in order."""

import asyncio
from dataclasses import dataclass
from functools import partial

from app.importing.ahead import ahead
from app.importing.alone import alone_with
from app.importing.pool import Producers
from app.importing.producing import Job
from app.importing.readable import Readable
from app.importing.reading import Rows, reading
from app.importing.row import Produced
from app.importing.steps import Steps
from app.importing.told import Progress, Results, Tell
from app.services.importing.imports import Import


@dataclass(slots=True)
class Going:
    """One run. `done` is how many rows are stored, `kept` the last row that the results hold."""

    steps: Steps
    producers: Producers
    readable: Readable
    stop: asyncio.Event
    tell: Tell
    results: Results | None
    done: int = 0
    kept: int = 0

    async def go_on(self) -> Import:
        """Goes on from where the database says that the import is, until its end or until told to stop."""
        async with alone_with(self.steps.resources.database, self.steps.import_id):
            import_ = await self.steps.start(self.readable.examined)
            await self._keep_stored(import_)
            if import_.finished_at is None:
                import_ = await self._store_rest(import_)
            if import_.finished_at is not None:
                return import_
            if import_.rows_done < self.readable.examined.rows:
                return await self.steps.look()
            if self.results is not None:
                self.results.complete()
            return await self.steps.finish(import_)

    async def _keep_stored(self, import_: Import) -> None:
        """What an earlier run stored, or this one without hearing of it, stands in the results too."""
        while self.results is not None and self.kept < import_.last_row:
            rows = await self.steps.rows_after(import_, self.kept)
            if not rows:  # an import that rested for longer than results are kept
                return
            self.results.keep(rows)
            self.kept = rows[-1].number

    async def _store_rest(self, import_: Import) -> Import:
        """The import with as many more rows as there are, or until it is told to stop."""
        most, produce = self.producers.window, partial(self._produce, self._job(import_))
        async with (
            reading(self.readable, import_.last_row) as chunks,
            ahead(chunks, produce, most) as under_way,
        ):
            while not self.stop.is_set():
                rows = await under_way.next()
                if not rows:
                    break
                import_ = await self._store(import_, rows)
        return import_

    def _job(self, import_: Import) -> Job:
        return Job(import_.id, import_.client, self.readable.examined.columns, self.readable.mapping)

    async def _produce(self, job: Job, rows: Rows) -> list[Produced]:
        """The rows, decided with the newest edition at this moment, as a request would be."""
        edition = self.steps.edition
        assert edition is not None
        return await self.producers.produce(job, rows, edition, self.steps.moment)

    async def _store(self, import_: Import, rows: list[Produced]) -> Import:
        import_, results = await self.steps.store(import_, rows)
        self.done = import_.rows_done
        if self.results is not None:
            self.results.keep(results)
            self.kept = import_.last_row
        self.tell(Progress(self.done, self.readable.examined.rows))
        return import_
