"""Every new edition of the directory is told, with who made it; what makes no edition is not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.services.clients import create_client
from app.services.connecting import disconnect_expired
from app.services.directories import put_things
from app.services.directory_import import import_things
from app.services.preconditions import Precondition
from app.services.registrations import end_registration, register, version_of
from tests.services.conftest import TODAY

Told = list[tuple[str, UUID | None, str | None]]


async def told(owner: asyncpg.Connection) -> Told:
    """Who changed the directory, since it was made for the test."""
    rows = await owner.fetch(
        "SELECT role, actor_organisation_id, correlation_id FROM event "
        "WHERE type = 'directory.changed' ORDER BY written OFFSET $1",
        1,
    )
    return [tuple(row) for row in rows]


async def test_a_registration_and_its_end_are_told(world: Any, owner: asyncpg.Connection) -> None:
    team = next(team for team in world.directory.teams if team.organisation == "0166")
    renamed = replace(team, name="Nieuwe naam")
    async with world.database.transaction() as connection:
        said = Precondition(frozenset({version_of(team)}))
        await register(connection, world.municipality, renamed, said, world.now, "trace-1")
        await register(connection, world.municipality, renamed, said, world.now, "trace-2")
        said = Precondition(frozenset({version_of(renamed)}))
        await end_registration(
            connection, world.municipality, renamed, said, today=TODAY, now=world.now, correlation_id=None
        )
    organisation = world.municipality.organisation_id
    assert await told(owner) == [
        ("directory_admin", organisation, "trace-1"),
        ("directory_admin", organisation, None),
    ]


async def test_an_import_is_told_once(world: Any, owner: asyncpg.Connection) -> None:
    teams = [replace(team, name="Nieuwe naam") for team in world.directory.teams]
    for _ in range(2):
        async with world.database.transaction() as connection:
            await import_things(
                *(connection, type(teams[0]), teams),
                end_missing=False,
                dry_run=False,
                today=TODAY,
                now=world.now,
            )
    assert await told(owner) == [("operator", None, None)]


async def test_a_disconnection_is_told(world: Any, owner: asyncpg.Connection) -> None:
    later = world.now + timedelta(hours=1)
    async with world.database.transaction() as connection:
        organisation = world.other_school.organisation_id
        await create_client(
            *(connection, organisation),
            label="",
            roles=frozenset({"team"}),
            now=world.now,
            expires_at=world.now,
        )
        await disconnect_expired(connection, later)
    assert (await told(owner))[-1] == ("system", None, None)


async def test_what_is_rolled_back_is_not_told(world: Any, owner: asyncpg.Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        async with world.database.transaction() as connection:
            await put_things(connection, [replace(world.directory.teams[0], name="Nieuw")], world.now)
            raise ZeroDivisionError
    assert await told(owner) == []
