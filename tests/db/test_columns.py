"""The registry of columns names every column of the live schema, and none that is not there."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from app.models.columns import Kept, KeptTable, kept_tables, says_all

LIVE = (
    "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
)

Columns = dict[tuple[str, str], str]


@asynccontextmanager
async def planted(owner: asyncpg.Connection, sql: str) -> AsyncIterator[None]:
    """A change of the schema that is rolled back."""
    change = owner.transaction()
    await change.start()
    await owner.execute(sql)
    yield
    await change.rollback()


async def live(owner: asyncpg.Connection) -> Columns:
    """The type of each column, by table and name."""
    return {(table, column): kind for table, column, kind in await owner.fetch(LIVE)}


def registered(tables: Mapping[str, KeptTable]) -> dict[tuple[str, str], Kept]:
    return {(name, column): kept for name, table in tables.items() for column, kept in table.columns.items()}


async def test_every_column_is_registered_and_no_other(owner: asyncpg.Connection) -> None:
    columns, known = await live(owner), registered(kept_tables())
    assert sorted(columns.keys() - known.keys()) == [], "not in app/models/columns.toml"
    assert sorted(known.keys() - columns.keys()) == [], "no longer in the schema"


async def test_control_a_new_column_and_one_that_went_are_seen(owner: asyncpg.Connection) -> None:
    async with planted(owner, "ALTER TABLE handover ADD COLUMN diagnosis text; ALTER TABLE advice DROP due"):
        differing = (await live(owner)).keys() ^ registered(kept_tables()).keys()
    assert differing == {("handover", "diagnosis"), ("advice", "due")}


async def test_what_is_encrypted_is_bytes_and_what_is_plain_is_not(owner: asyncpg.Connection) -> None:
    columns, known = await live(owner), registered(kept_tables())
    wrong = [
        place
        for place, kept in known.items()
        if (kept.form == "encrypted" and columns[place] != "bytea")
        or (kept.form == "plain" and columns[place] == "bytea")
    ]
    assert wrong == []


def test_what_identifies_a_person_is_destroyed_at_erasure() -> None:
    staying = [
        (name, column)
        for name, table in kept_tables().items()
        for column, kept in table.columns.items()
        if table.about == "person" and kept.form == "encrypted" and kept.erasure != "destroyed"
    ]
    assert staying == []


@pytest.mark.parametrize(
    "changes",
    [{"form": "hashed"}, {"erasure": None}, {"told": "Naam.", "untold": "secret"}, {"told": None}],
    ids=["an unknown form", "no treatment at erasure", "told and untold", "neither"],
)
def test_a_column_that_says_too_little_or_too_much_is_refused(changes: dict[str, Any]) -> None:
    column = {"form": "plain", "why": "Why.", "erasure": "kept", "told": "Naam.", **changes}
    assert not says_all(Kept(**column), "person")
