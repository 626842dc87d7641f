"""Imports over the small world of the services: begun, drafted and stored a chunk at a time."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.clients import Client
from app.services.importing.chunks import store_chunk
from app.services.importing.course import Examined, NewImport, begin_import, finish_import, start_import
from app.services.importing.drafting import draft
from app.services.importing.imports import Import, find_import
from app.services.importing.rows import Draft, Rejected, RowResult
from tests.services.conftest import SUBMISSION, World, keyring, rulebook, world

__all__ = ["keyring", "rulebook", "world"]

Row = Draft | Rejected


@dataclass(eq=False)
class Importer:
    """Who imports in a test."""

    world: World
    client: Client

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction of the organisation, as a request or a run has it."""
        async with self.world.database.session() as session:
            await session.begin("organisation", self.client.organisation_id)
            yield session.connection

    async def begin(self, content: bytes = b"file", *, dry_run: bool = False, **more: Any) -> Import:
        """An import that has started."""
        asked = NewImport(digest=sha256(content).digest(), mapping=None, dry_run=dry_run, **more)
        world = self.world
        async with self.transaction() as connection:
            begun = await begin_import(connection, asked, self.client, world.keyring, world.now)
            examined = Examined(format="csv", encoding="UTF-8", delimiter="semicolon", rows_total=9)
            return await start_import(connection, begun, examined, world.keyring, world.now)

    def know_equal_teams(self, municipality: str) -> None:
        """From now on each team of a municipality has an equal, so that somebody has to choose."""
        directory = self.world.directory
        there = [team for team in directory.teams if team.municipality == municipality]
        equals = [replace(team, id=f"{team.id}-2") for team in there]
        self.world = replace(self.world, directory=replace(directory, teams=(*directory.teams, *equals)))

    def draft(self, number: int, reference: str, content: bytes | None = None, **changes: Any) -> Draft:
        """A row of a file, by default with a content of its own for each reference."""
        sent = {"source_reference": reference, "content": content or reference.encode(), **changes}
        submission = replace(SUBMISSION, correlation_id=None, **sent)
        return draft(number, submission, self.client, self.world.deciding())

    async def store(self, import_: Import, *rows: Row) -> list[RowResult]:
        """Stores a chunk."""
        async with self.transaction() as connection:
            return await store_chunk(connection, import_, rows, self.world.deciding())

    async def find(self, import_: Import) -> Import:
        """The import as it is now."""
        async with self.transaction() as connection:
            own = self.client.organisation_id
            return await find_import(connection, own, self.world.keyring, import_.id)

    async def run(self, rows: Sequence[Row], *, chunk: int = 500, **how: Any) -> list[RowResult]:
        """A whole import, in chunks of so many rows."""
        import_, results = await self.begin(**how), []
        for start in range(0, len(rows), chunk):
            results += await self.store(import_, *rows[start : start + chunk])
            import_ = replace(import_, last_row=results[-1].number)
        async with self.transaction() as connection:
            await finish_import(connection, import_, self.world.keyring, self.world.now)
        return results


@pytest.fixture
def importer(world: World) -> Importer:
    return Importer(world, world.school)


@pytest.fixture
def other_importer(world: World) -> Importer:
    return Importer(world, world.other_school)
