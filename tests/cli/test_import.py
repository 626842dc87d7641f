"""`verwijsroute import`: every row has its result, a dry run tells the truth, nothing is stored twice."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from app.config import Settings
from tests.imports.students import results_of, students, write_csv

Verwijsroute = Callable[..., Any]
FOR: Final = ("--organisation", "00ZZ", "--processes", "1")
COUNT: Final = "SELECT count(*) FROM referral"


@pytest.fixture(autouse=True)
def school(verwijsroute: Verwijsroute) -> None:
    made = verwijsroute("clients", "create", "school", "00ZZ", "College Voorbeeld", "--role", "referrer")
    assert made.code == 0, made.err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A name for a file whose results stand beside it."""
    return tmp_path / "cohort.csv"


@pytest.fixture
def asked(settings: Settings) -> Callable[[str], Any]:
    """What the database says, past row-level security."""

    async def ask(query: str) -> Any:
        connection = await asyncpg.connect(settings.database_owner_url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return lambda query: asyncio.run(ask(query))


def test_a_file_is_stored_and_a_second_time_nothing(
    verwijsroute: Verwijsroute, file: Path, asked: Callable[[str], Any]
) -> None:
    write_csv(file, students(30))
    first = verwijsroute("import", str(file), *FOR, "--json")
    assert first.code == 0, first.err
    stored = results_of(file)
    assert [row["row"] for row in stored] == list(range(2, 32))
    assert asked(COUNT) == 30
    again = verwijsroute("import", str(file), *FOR, "--json")
    assert (again.code, json.loads(again.out)["outcomes"]) == (0, {"already_stored": 30})
    assert [row["referralId"] for row in results_of(file)] == [row["referralId"] for row in stored]
    assert asked(COUNT) == 30
