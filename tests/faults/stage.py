"""What every fault works on: a prepared cluster to copy, keys that may refer, and a place for raw counts."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from app.adapters.embedded_postgres import embedded_postgres
from app.config import Settings, load_settings, variable_of
from app.db import migrate
from app.reference import open_reference
from app.reference.demo import demo_directory
from app.resources import open_resources
from app.services.demo import load_demo
from tests.faults.postgres import SERVICE_ROLE, over

COUNTS: Final[dict[str, list[str]]] = {}


@dataclass(frozen=True)
class Prepared:
    """A migrated cluster with the demo directory, stopped; the keys of its organisations; its settings."""

    cluster: Path
    settings: Settings
    keys: dict[str, str]

    @property
    def schools(self) -> list[str]:
        """The keys of those that refer."""
        return [key for name, key in self.keys.items() if name.startswith("school ")]


@dataclass(frozen=True)
class Count:
    """Keeps the raw counts of one test, which the run prints at its end."""

    test: str

    def __call__(self, line: str) -> None:
        """One more line."""
        COUNTS.setdefault(self.test, []).append(line)


@contextmanager
def prepare() -> Iterator[Prepared]:
    """The stage, gone after the block."""
    folder = Path(tempfile.mkdtemp(prefix="vr-fault-"))
    settings = _settings(folder / "data")
    try:
        with embedded_postgres(folder / "postgres", SERVICE_ROLE) as server:
            migrate(over(settings, server))
            keys = asyncio.run(_fill(over(settings, server)))
        yield Prepared(folder / "postgres", settings, keys)
    finally:
        shutil.rmtree(folder)


def _settings(data_dir: Path) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for field in Settings.model_fields:
            patch.delenv(variable_of(field), raising=False)
        patch.setenv("VERWIJSROUTE_DATA_DIR", str(data_dir))
        # Counted as in production, and never reached: a load is a few clients that never pause.
        patch.setenv("VERWIJSROUTE_QUOTA_REQUESTS", "10000000")
        return load_settings()


async def _fill(settings: Settings) -> dict[str, str]:
    async with open_resources(settings) as resources, resources.database.transaction() as connection:
        demo = demo_directory(open_reference().places)
        return await load_demo(connection, demo, {}, datetime.now(UTC))
