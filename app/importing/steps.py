"""What a run does in the database: each step one transaction of the import's organisation."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.tables import Examined as Examination
from app.importing.process import Moment
from app.importing.row import Produced
from app.resources import Resources
from app.services.importing.chunks import store_chunk
from app.services.importing.course import Examined, fail_import, finish_import, start_import
from app.services.importing.imports import Import, find_import
from app.services.importing.looks import show_rows
from app.services.importing.rows import RowFault, RowResult
from app.services.references import Edition

_ROWS_OF_PAGE: Final = 2000


@dataclass(slots=True)
class Steps:
    """The steps of one import. `edition` is the newest as of the last step.

    `shows` is whether somebody is shown which referral each row is, as whoever runs a command.
    """

    resources: Resources
    organisation_id: UUID
    import_id: UUID
    shows: bool = False
    edition: Edition | None = None

    async def start(self, examined: Examination) -> Import:
        """The import as it stands, processing from now on unless it has ended."""
        known = Examined(
            format=examined.format,
            encoding=examined.encoding,
            delimiter=examined.delimiter,
            rows_total=examined.rows,
        )
        async with self._transaction() as connection:
            import_ = await self._find(connection)
            if import_.finished_at is not None:
                return import_
            return await start_import(connection, import_, known, self.resources.keyring, self.moment.now)

    async def store(self, import_: Import, rows: Sequence[Produced]) -> tuple[Import, list[RowResult]]:
        """The import after these rows, its counts left as they were, and what became of each.

        Raises ImportTaken.
        """
        async with self._transaction() as connection:
            assert self.edition is not None
            deciding = self.resources.deciding(self.edition)
            results = await store_chunk(connection, import_, rows, deciding, shows=self.shows)
        done = import_.rows_done + len(rows)
        return replace(import_, last_row=rows[-1].number, rows_done=done), results

    async def finish(self, import_: Import) -> Import:
        """The import, ended."""
        async with self._transaction() as connection:
            return await finish_import(connection, import_, self.resources.keyring, self.moment.now)

    async def fail(self, faults: Iterable[RowFault]) -> Import:
        """The import, ended since its file cannot be run, or not on from here."""
        async with self._transaction() as connection:
            return await fail_import(
                connection,
                await self._find(connection),
                list(faults),
                self.resources.keyring,
                self.moment.now,
            )

    async def look(self) -> Import:
        """The import as it stands."""
        async with self._transaction() as connection:
            return await self._find(connection)

    async def rows_after(self, import_: Import, number: int) -> list[RowResult]:
        """What became of the rows that follow one, in the order of the file, a page at most."""
        async with self._transaction() as connection:
            return await show_rows(connection, import_, number, _ROWS_OF_PAGE, self.moment.now)

    @property
    def moment(self) -> Moment:
        """This moment, and its day."""
        return Moment(self.resources.clock.today(), self.resources.clock.now())

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        async with self.resources.database.transaction_of(self.organisation_id) as connection:
            self.edition = await self.resources.newest_edition(connection)
            yield connection

    async def _find(self, connection: AsyncConnection) -> Import:
        keyring = self.resources.keyring
        return await find_import(connection, self.organisation_id, keyring, self.import_id)
