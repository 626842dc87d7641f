"""One import that a test runs, as often as it likes."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.adapters.tables import FileSource
from app.importing.pool import Producers
from app.importing.readable import make_readable
from app.importing.run import run_import
from app.importing.told import Progress
from app.reference import open_reference
from app.resources import Resources
from app.services.clients import client_of_service
from app.services.importing.course import NewImport, begin_import
from app.services.importing.imports import Import
from app.services.importing.rows import RowResult


@dataclass
class Kept:
    """Results that are held; `is_complete` once there are no more."""

    rows: list[RowResult] = field(default_factory=list)
    is_complete: bool = False

    def keep(self, rows: Sequence[RowResult]) -> None:
        self.rows += rows

    def complete(self) -> None:
        self.is_complete = True

    def told(self) -> list[tuple[int, str | None, str, int | None]]:
        """What does not differ between two imports of the same file."""
        return [(row.number, row.reference, row.outcome, row.first_row) for row in self.rows]


@dataclass
class Running:
    """A file of the school 00ZZ, with what each run of it was told."""

    resources: Resources
    producers: Producers
    file: Path
    dry_run: bool = False
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    tell: Callable[[Progress], None] = lambda _: None
    kept: Kept = field(default_factory=Kept)

    async def begin(self) -> Import:
        """The import of the file: a new one, or the one that was stopped."""
        readable = await make_readable(FileSource(self.file), None, open_reference())
        new = NewImport(digest=readable.examined.digest, mapping=None, dry_run=self.dry_run)
        async with self.resources.database.transaction() as connection:
            client = await client_of_service(connection, "school", "00ZZ", frozenset({"referrer"}))
        async with self.resources.database.session() as session:
            await session.begin("organisation", client.organisation_id)
            now = self.resources.clock.now()
            return await begin_import(session.connection, new, client, self.resources.keyring, now)

    async def run(self) -> Import:
        """Begins or goes on with it, until its end or until it is stopped."""
        import_ = await self.begin()
        self.stop.clear()
        self.kept = Kept()
        readable = await make_readable(FileSource(self.file), None, open_reference())
        return await run_import(
            self.resources,
            self.producers,
            import_.organisation_id,
            import_.id,
            readable,
            stop=self.stop,
            tell=self.tell,
            results=self.kept,
        )
