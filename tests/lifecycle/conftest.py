"""A stage for each test, on a database of its own transaction; the directory is loaded once for all."""

from collections.abc import AsyncIterator

import pytest

from app.adapters.erasure_ledger import ErasureLedger
from app.db import Database
from app.routing import Rulebook, load_rulebook
from tests.lifecycle.stage import Stage, new_stage


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()


class _Undo(Exception):
    """Takes back all that a test did."""


@pytest.fixture
async def stage(database: Database, rulebook: Rulebook, ledger: ErasureLedger) -> AsyncIterator[Stage]:
    """Everything inside one transaction that is never committed."""
    with pytest.raises(_Undo):
        async with database.transaction() as connection:
            yield await new_stage(connection, rulebook, ledger)
            raise _Undo
