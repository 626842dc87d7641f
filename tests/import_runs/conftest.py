"""What the tests of a run share: a school, files in short chunks, and one process that decides."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.config import Settings
from app.importing import reading
from app.importing.pool import Producers
from app.resources import Resources, open_resources, shipped_rulebook
from app.services.clients import create_organisation
from tests.import_runs.running import Running
from tests.import_runs.students import Row, write_csv

Make = Callable[..., Running]


@pytest.fixture(scope="session")
def producers(run_settings: Settings) -> Iterator[Producers]:
    """One process for all tests of a run, but where it dies."""
    opened = Producers(run_settings, shipped_rulebook(), 1)
    yield opened
    opened.end()


@pytest.fixture
async def resources(settings: Settings) -> AsyncIterator[Resources]:
    """What a program holds open, impatient with locks; there is a school."""
    impatient = settings.model_copy(update={"database_lock_seconds": 0.2, "import_wait_seconds": 20})
    async with open_resources(impatient) as opened:
        school = {"kind": "school", "code": "00ZZ", "name": "College Voorbeeld"}
        async with opened.database.transaction() as connection:
            await create_organisation(connection, **school, now=datetime.now(UTC))
        yield opened


@pytest.fixture
def running(
    resources: Resources, producers: Producers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Make:
    """Makes an import of rows, five in a chunk."""
    monkeypatch.setattr(reading, "ROWS_OF_CHUNK", 5)

    def make(rows: Sequence[Row], *, dry_run: bool = False) -> Running:
        return Running(resources, producers, write_csv(tmp_path / "cohort.csv", rows), dry_run)

    return make
