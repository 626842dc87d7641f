"""Each edition names its reference; a newer shipped one is taken over once, and old ones stay readable."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.errors import NotFound
from app.reference import Reference, open_reference, read_reference, reference as shipping
from app.services import references
from app.services.directories import change_reference, current_edition, put_things, reference_hash_of
from app.services.reference_import import Allowed, ReferenceChanged, put_in_force, report_on
from app.services.references import (
    adopt_shipped,
    brought_back,
    find_edition,
    find_reference,
    keep_reference,
    list_references,
)

SHIPPED = open_reference()


def variant(*, kampen: str = "Kampen aan de IJssel") -> Reference:
    """The shipped reference with another name for one municipality."""
    files = dict(SHIPPED.files)
    files["municipalities"] = files["municipalities"].replace("GM0166,Kampen,", f"GM0166,{kampen},")
    return read_reference(files)


@pytest.fixture
def ship(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the process be of a release that ships another reference."""

    def ship_(reference: Reference) -> Reference:
        monkeypatch.setattr(references, "open_reference", lambda: reference)
        return reference

    return ship_


async def start(world: Any, *, later: int = 0) -> None:
    """What a process does at its start."""
    async with world.database.transaction() as connection:
        await adopt_shipped(connection, world.now + timedelta(minutes=later), world.now.date())


async def in_force(world: Any) -> tuple[int, str | None]:
    async with world.database.transaction() as connection:
        edition = await current_edition(connection)
        return edition, await reference_hash_of(connection, edition)


async def import_(world: Any, after: Reference) -> int:
    today = world.now.date()
    async with world.database.transaction() as connection:
        edition = await find_edition(connection, await current_edition(connection))
        report = await report_on(connection, edition, after, Allowed(), today)
        return await put_in_force(connection, after, report, today=today, now=world.now)


async def test_editions_of_before_have_the_first_reference_that_was_kept(world: Any, ship: Any) -> None:
    await start(world)
    assert await in_force(world) == (world.directory.edition, SHIPPED.hash)
    ship(variant())
    await start(world, later=1)
    async with world.database.transaction() as connection:
        assert await reference_hash_of(connection, world.directory.edition) == SHIPPED.hash
        edition = await find_edition(connection, world.directory.edition)
    assert (edition.directory, edition.reference.hash) == (world.directory, SHIPPED.hash)


async def test_a_newer_release_takes_its_reference_over_in_a_new_edition(world: Any, ship: Any) -> None:
    await start(world)
    newer = ship(variant())
    await start(world, later=1)
    assert await in_force(world) == (world.directory.edition + 1, newer.hash)
    async with world.database.transaction() as connection:
        edition = await find_edition(connection, world.directory.edition + 1)
    assert edition.directory.places["0166"].municipality.name == "Kampen aan de IJssel"
    assert edition.directory.teams == world.directory.teams


async def test_many_replicas_that_start_at_once_take_it_over_once(world: Any, ship: Any) -> None:
    await start(world)
    newer = ship(variant())
    await asyncio.gather(*(start(world, later=1) for _ in range(8)))
    assert await in_force(world) == (world.directory.edition + 1, newer.hash)


async def test_a_replica_of_the_older_release_does_not_bring_its_own_back(world: Any, ship: Any) -> None:
    await start(world)
    newer = ship(variant())
    await start(world, later=1)
    ship(SHIPPED)
    await start(world, later=2)
    assert (await in_force(world))[1] == newer.hash


async def test_what_was_put_back_stays_at_the_next_start(world: Any, ship: Any) -> None:
    await start(world)
    ship(variant())
    await start(world, later=1)
    await import_(world, SHIPPED)
    await start(world, later=2)
    assert (await in_force(world))[1] == SHIPPED.hash


async def test_an_imported_reference_stays_in_force_when_a_release_ships_a_newer_one(
    world: Any, ship: Any
) -> None:
    await start(world)
    await import_(world, imported := variant(kampen="Ingevoerd"))
    ship(variant())
    await start(world, later=1)
    assert (await in_force(world))[1] == imported.hash


async def test_a_shipped_reference_without_a_municipality_of_a_team_is_not_taken_over(
    world: Any, ship: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await start(world)
    ship(variant())
    monkeypatch.setattr(references, "affected", lambda *_: ["a team there"])
    await start(world, later=1)
    assert await in_force(world) == (world.directory.edition, SHIPPED.hash)


async def test_a_change_of_a_team_keeps_the_reference(world: Any, owner: asyncpg.Connection) -> None:
    await start(world)
    await import_(world, imported := variant())
    async with world.database.transaction() as connection:
        await put_things(connection, [replace(world.directory.teams[0], name="Nieuwe naam")], world.now)
    named = "SELECT reference_hash FROM directory_edition ORDER BY edition DESC LIMIT 2"
    assert [row[0] for row in await owner.fetch(named)] == [imported.hash, imported.hash]


async def test_the_same_reference_makes_no_edition(world: Any) -> None:
    await start(world)
    assert await import_(world, read_reference(SHIPPED.files)) == world.directory.edition


async def test_of_two_imports_at_once_the_second_is_told_so(world: Any) -> None:
    await start(world)
    today = world.now.date()
    async with world.database.transaction() as connection:
        edition = await find_edition(connection, await current_edition(connection))
        report = await report_on(connection, edition, variant(kampen="Tweede"), Allowed(), today)
    await import_(world, variant(kampen="Eerste"))
    with pytest.raises(ReferenceChanged):
        async with world.database.transaction() as connection:
            await put_in_force(connection, variant(kampen="Tweede"), report, today=today, now=world.now)
    assert (await in_force(world))[1] == variant(kampen="Eerste").hash


async def test_what_somebody_changed_since_it_was_carried_over_does_not_come_back(world: Any) -> None:
    await start(world)
    first, second = world.directory.teams[:2]
    async with world.database.transaction() as connection:
        await keep_reference(connection, variant(), "imported", world.now)
        carried = [replace(team, municipality="0193") for team in (first, second)]
        await change_reference(connection, variant().hash, carried, world.now)
        await put_things(connection, [replace(carried[0], name="Nieuwe naam")], world.now)
        edition = await find_edition(connection, await current_edition(connection))
        assert await brought_back(connection, edition, SHIPPED.hash) == (second,)


async def test_a_stored_reference_reads_the_same_and_one_that_was_not_is_not_found(world: Any) -> None:
    async with world.database.transaction() as connection:
        assert await keep_reference(connection, variant(), "imported", world.now)
        assert not await keep_reference(connection, variant(), "imported", world.now)
        found = await find_reference(connection, variant().hash)
        assert (found.hash, found.files, found.listings) == (
            variant().hash,
            variant().files,
            variant().listings,
        )
        listed = {row["hash"]: row["origin"] for row in await list_references(connection)}
        assert listed[variant().hash] == "imported"
        with pytest.raises(NotFound):
            await find_reference(connection, "sha256:unknown")


async def test_the_service_cannot_change_a_stored_reference(world: Any) -> None:
    await start(world)
    with pytest.raises(Exception, match="permission denied"):
        async with world.database.transaction() as connection:
            await (await connection.get_raw_connection()).driver_connection.execute("DELETE FROM reference")


def test_the_shipped_reference_is_read_once() -> None:
    assert shipping.open_reference() is shipping.open_reference()
