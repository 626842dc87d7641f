"""What tests share: one real PostgreSQL per run, migrated once, and a clean state for every test."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from app.adapters.embedded_postgres import OWNER_ROLE, EmbeddedPostgres, embedded_postgres
from app.config import Settings, load_settings, variable_of
from app.db import Database, migrate, open_database

# All rows of all tables, triggers off: an append-only table would refuse.
EMPTY_TABLES = """
DO $$
DECLARE tables text;
BEGIN
    SET LOCAL session_replication_role = replica;
    SELECT string_agg(format('DELETE FROM %I', relname), '; ') INTO tables
      FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version';
    IF tables IS NOT NULL THEN EXECUTE tables; END IF;
END $$
"""


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of this test run alone. The folder is short: a socket's path must be."""
    folder = Path(tempfile.mkdtemp(prefix="vr-test-"))
    try:
        with embedded_postgres(folder / "postgres", "verwijsroute_service") as running:
            yield running
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A new folder with a short path: pytest's own are too long for a socket, and closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="vr-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def run_settings(server: EmbeddedPostgres) -> Settings:
    """The settings of this run, over a migrated database; nothing comes from the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for field in Settings.model_fields:
            patch.delenv(variable_of(field), raising=False)
        patch.setenv("DATABASE_URL", server.url("verwijsroute_service"))
        patch.setenv("DATABASE_OWNER_URL", server.url(OWNER_ROLE))
        patch.setenv("VERWIJSROUTE_DATA_DIR", str(server.folder.parent / "data"))
        settings = load_settings()
    migrate(settings)
    return settings


@pytest.fixture
async def owner(run_settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the owner of the tables, past row-level security: to look and to plant."""
    connection = await asyncpg.connect(run_settings.database_owner_url)
    yield connection
    await connection.close()


@pytest.fixture
async def settings(run_settings: Settings, owner: asyncpg.Connection) -> Settings:
    """The settings, over a database that has its tables and no rows."""
    await owner.execute(EMPTY_TABLES)
    return run_settings


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The open database, as the service role, without rows."""
    async with open_database(settings) as opened:
        yield opened
