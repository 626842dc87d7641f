"""G16b: what a request may see ends with its transaction; none sees what the service itself does."""

import re
from pathlib import Path

import asyncpg
import pytest
from httpx import AsyncClient

from app.config import Settings
from app.models.walls import WALLED
from app.resources import Resources
from tests.api.conftest import Json
from tests.walls.conftest import count

APP = Path(__file__).parents[2] / "app"


@pytest.fixture
async def settings(settings: Settings) -> Settings:
    """One connection, which every request has after the other."""
    return settings.model_copy(update={"database_pool_size": 1})


def modules_with(pattern: str) -> set[str]:
    """The modules of the program that have a match."""
    return {
        str(file.relative_to(APP))
        for file in APP.rglob("*.py")
        if re.search(pattern, file.read_text("utf-8"))
    }


@pytest.mark.usefixtures("directory")
async def test_what_a_request_saw_the_next_on_its_connection_does_not(
    resources: Resources, school: AsyncClient, owner: asyncpg.Connection, body: Json
) -> None:
    assert (await school.post("/v1/referrals", json=body)).status_code == 201
    assert await count(owner, "referral") == 1
    async with resources.database.session() as session:
        assert {table: await count(session.driver, table) for table in WALLED} == dict.fromkeys(WALLED, 0)


def test_no_request_sees_what_the_service_itself_sees() -> None:
    doors = {name for name in modules_with(r"\.transaction\(") if name.split("/")[0] not in ("worker", "cli")}
    # Readiness and metrics count what waits; the start and open data are in no organisation's name.
    assert doors == {"api/standing.py", "resources.py"}


def test_only_the_transaction_says_for_whom_it_is() -> None:
    assert modules_with(r"verwijsroute\.(scope|organisation)\b") == {"db/database.py", "services/counting.py"}
    assert modules_with(r"\.begin\(\"?(scope|organisation|operator|system)") == {
        "db/database.py",
        "deps/access.py",
    }


def test_a_referral_is_opened_by_a_row_that_was_seen_alone() -> None:
    assert modules_with(r"verwijsroute\.referr") == {"services/opened_referral.py", "services/repeats.py"}
