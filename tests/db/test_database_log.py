"""The service tells its operator when PostgreSQL's own log would repeat what people send."""

import json
import re
from pathlib import Path

import asyncpg
import pytest

from app.adapters.log import log_as_json
from app.config import Settings
from app.db import open_database, telling_settings
from app.db.database_log import ERRORS, STATEMENTS
from app.resources import open_resources, tell_database_log

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "postgresql.conf"
ROLE = "ALTER ROLE verwijsroute_service"


async def told(settings: Settings) -> list[str]:
    async with open_database(settings) as database, database.transaction() as connection:
        return await telling_settings(connection)


async def test_the_embedded_server_repeats_nothing(settings: Settings) -> None:
    assert await told(settings) == []


def test_the_deployed_server_repeats_nothing() -> None:
    found = dict(re.findall(r"^(log_\w+)\s*=\s*'?([\w-]+)", CONFIGURATION.read_text("utf-8"), re.MULTILINE))
    for name, quiet in {**STATEMENTS, **ERRORS}.items():
        assert found[name] in quiet, name


@pytest.mark.parametrize(
    ("wish", "names"),
    [
        ("log_statement = 'mod'", ["log_statement"]),
        ("log_min_duration_statement = 500", ["log_min_duration_statement"]),
        ("log_lock_waits = on", ["log_lock_waits"]),
        ("log_min_messages = 'error'", ["log_min_messages"]),
    ],
)
async def test_a_setting_that_repeats_is_named(
    settings: Settings, owner: asyncpg.Connection, wish: str, names: list[str]
) -> None:
    await owner.execute(f"{ROLE} SET {wish}")
    try:
        assert await told(settings) == names
    finally:
        await owner.execute(f"{ROLE} RESET ALL")


async def test_the_settings_of_postgresql_as_it_comes_are_named_in_the_log(
    settings: Settings, owner: asyncpg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    for wish in ("log_min_messages = 'warning'", "log_min_error_statement = 'error'"):
        await owner.execute(f"{ROLE} SET {wish}")
    try:
        log_as_json()
        async with open_resources(settings) as resources:
            await tell_database_log(resources)
    finally:
        await owner.execute(f"{ROLE} RESET ALL")
    line = json.loads(capsys.readouterr().out)
    assert line["event"] == "database_log_repeats"
    assert line["settings"] == ["log_min_messages", "log_min_error_statement"]
