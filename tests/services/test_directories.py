"""An edition of the directory, once made, reads the same for ever."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg
import pytest

from app.errors import NotFound
from app.reference import open_reference
from app.reference.demo import demo_directory
from app.routing import Directory
from app.services.directories import (
    adopt_setting,
    current_edition,
    load_directory,
    put_things,
    replace_directory,
)


async def load(world: Any, edition: int) -> Directory:
    async with world.database.transaction() as connection:
        return await load_directory(connection, edition, world.directory.places)


async def put(world: Any, thing: Any) -> int:
    async with world.database.transaction() as connection:
        return await put_things(connection, [thing], world.now)


async def test_an_edition_reloads_equal_to_what_was_registered(world: Any) -> None:
    demo = demo_directory(open_reference().places)
    directory = await load(world, world.directory.edition)
    assert set(directory.teams) == set(demo.teams)
    assert set(directory.schools) == set(demo.schools)
    assert set(directory.agreements) == set(demo.agreements)
    assert directory.connected == {listed.code for listed in demo.organisations if listed.connected}


async def test_an_edition_is_the_same_after_a_later_change(world: Any) -> None:
    team = world.directory.teams[0]
    changed = replace(team, name="Nieuwe naam", valid_to=date(2027, 1, 1))
    edition = await put(world, changed)
    assert edition == world.directory.edition + 1
    assert await load(world, world.directory.edition) == world.directory
    assert changed in (await load(world, edition)).teams
    assert team not in (await load(world, edition)).teams


async def test_what_is_left_out_of_a_replacement_ends_with_the_edition_before(world: Any) -> None:
    async with world.database.transaction() as connection:
        edition = await replace_directory(
            connection, organisations=(), teams=(), schools=(), agreements=(), now=world.now
        )
    assert await load(world, edition) == Directory(edition=edition, places=world.directory.places)
    assert await load(world, world.directory.edition) == world.directory


async def test_the_same_content_makes_no_new_edition(world: Any) -> None:
    assert await put(world, world.directory.teams[0]) == world.directory.edition


async def test_the_same_content_has_the_same_hash(world: Any, owner: asyncpg.Connection) -> None:
    team = world.directory.teams[0]
    await put(world, replace(team, name="Nieuwe naam"))
    await put(world, team)
    first, second, third = await owner.fetch(
        "SELECT hash FROM directory_edition ORDER BY edition DESC LIMIT 3"
    )
    assert first == third != second


async def test_simultaneous_changes_make_an_edition_each_and_lose_none(world: Any) -> None:
    teams = [replace(team, name=f"Team {n}") for n, team in enumerate(world.directory.teams[:8])]
    editions = await asyncio.gather(*(put(world, team) for team in teams))
    start = world.directory.edition
    assert sorted(editions) == list(range(start + 1, start + 9))
    assert set(teams) <= set((await load(world, start + 8)).teams)


async def test_the_setting_for_confirmation_belongs_to_the_edition(world: Any) -> None:
    start = world.directory.edition
    async with world.database.transaction() as connection:
        assert [await adopt_setting(connection, days, world.now) for days in (180, 180, 90)] == [
            start + 1, start + 1, start + 2,
        ]  # fmt: skip
    later = await put(world, replace(world.directory.teams[0], name="Nieuwe naam"))
    days = [(await load(world, edition)).confirm_within_days for edition in range(start, later + 1)]
    assert days == [None, 180, 90, 90]


async def test_an_edition_that_was_never_made_is_not_found(world: Any) -> None:
    with pytest.raises(NotFound):
        await load(world, world.directory.edition + 1)


async def test_before_the_first_edition_the_directory_is_empty(database: Any) -> None:
    async with database.transaction() as connection:
        assert await current_edition(connection) == 0
        assert await load_directory(connection, 0, {}) == Directory(edition=0, places={})
