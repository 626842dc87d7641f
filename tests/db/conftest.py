"""A table to write to, for tests of the transaction itself."""

from collections.abc import AsyncIterator

import asyncpg
import pytest


@pytest.fixture
async def notes(owner: asyncpg.Connection) -> AsyncIterator[str]:
    """The name of an empty table that the service may use, gone after the test."""
    await owner.execute("CREATE TABLE note (word text UNIQUE); GRANT ALL ON note TO verwijsroute_service")
    yield "note"
    await owner.execute("DROP TABLE note")
