"""What a client reads of what happened: what it may see and no more, in one order, from any place on."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.errors import CursorGone, NotFound
from app.services.clients import Client
from app.services.directories import put_things
from app.services.feed import START, Place, read_feed, read_history
from tests.services.test_numbering import numbered

HANDOVER = ["handover.offered"]
REFERRAL = ["referral.created", "referral.decided", *HANDOVER]


@pytest.fixture
async def sent(world: Any, owner: asyncpg.Connection) -> dict[str, Any]:
    """A referral whose handover the municipality's team receives; another one's desk decides over it."""
    referral: dict[str, Any] = (await world.submit()).referral
    await owner.execute(
        "UPDATE event SET desk_organisation_id = $1 WHERE handover_id IS NOT NULL", world.core.organisation_id
    )
    await numbered(world.database)
    return referral


async def read(world: Any, client: Client, after: Place = START, limit: int = 50) -> tuple[Any, Place, bool]:
    async with world.database.transaction() as connection:
        return await read_feed(connection, client, after=after, limit=limit)


async def types(world: Any, client: Client) -> list[str]:
    items, _, _ = await read(world, client)
    return [item["type"] for item in items if item["type"] != "directory.changed"]


def acting_as(client: Client, *roles: str, team_ids: set[str] | None = None) -> Client:
    limited = None if team_ids is None else frozenset(team_ids)
    return replace(client, roles=frozenset(roles), team_ids=limited)


@pytest.mark.parametrize(
    ("whose", "role", "seen"),
    [
        ("school", "referrer", REFERRAL),
        ("school", "team", []),
        ("school", "desk", []),
        ("other_school", "referrer", []),
        ("municipality", "team", HANDOVER),
        ("municipality", "desk", HANDOVER),
        ("municipality", "referrer", []),
        ("core", "desk", HANDOVER),
        ("core", "team", []),
        ("other_school", "operator", REFERRAL),
    ],
)
@pytest.mark.usefixtures("sent")
async def test_each_role_sees_its_own_side(world: Any, whose: str, role: str, seen: list[str]) -> None:
    assert await types(world, acting_as(getattr(world, whose), role)) == seen


async def test_a_key_for_some_teams_sees_what_these_receive(world: Any, sent: dict[str, Any]) -> None:
    team = sent["handovers"][0]["team"]["teamId"]
    assert await types(world, acting_as(world.municipality, "team", team_ids={team, "other"})) == HANDOVER
    assert await types(world, acting_as(world.municipality, "team", team_ids={"other"})) == []
    assert await types(world, acting_as(world.municipality, "team", team_ids=set())) == []


@pytest.mark.usefixtures("sent")
async def test_everybody_sees_that_the_directory_changed(world: Any) -> None:
    for role in ("referrer", "team", "desk", "operator"):
        items, _, _ = await read(world, acting_as(world.other_school, role))
        assert items[0]["type"] == "directory.changed", role


async def test_who_stands_on_both_sides_sees_an_event_once(world: Any, owner: asyncpg.Connection) -> None:
    await world.submit()
    await owner.execute("UPDATE event SET desk_organisation_id = receiver_organisation_id")
    await numbered(world.database)
    assert await types(world, world.municipality) == HANDOVER


async def test_an_event_tells_ids_and_who_did_it(world: Any, sent: dict[str, Any]) -> None:
    async with world.database.transaction() as connection:
        await put_things(connection, [replace(world.directory.teams[0], name="Nieuw")], world.now)
    items, _, _ = await read(world, world.school)
    (told,) = [item for item in items if item["type"] == "handover.offered"]
    assert told == {
        "id": told["id"],
        "number": told["number"],
        "type": "handover.offered",
        "at": "2026-11-21T12:00:00.000Z",
        "organisation": None,
        "role": "system",
        "referralId": sent["id"],
        "handoverId": sent["handovers"][0]["id"],
        "correlationId": "trace-1",
    }


async def test_the_organisation_that_did_it_is_named(world: Any, owner: asyncpg.Connection) -> None:
    await world.submit()
    await owner.execute("UPDATE event SET actor_organisation_id = $1", world.school.organisation_id)
    await numbered(world.database)
    items, _, _ = await read(world, world.school)
    assert items[0]["organisation"] == {"kind": "school", "code": "00ZZ", "name": "00ZZ"}


async def test_pages_follow_each_other_and_the_last_place_is_kept(world: Any) -> None:
    for n in range(4):
        await world.submit(source_reference=f"sis-{n}")
    await numbered(world.database)
    seen, place, more = [], START, True
    while more:
        items, place, more = await read(world, world.school, place, 3)
        seen += [item["number"] for item in items]
    assert seen == sorted(set(seen))
    assert await read(world, world.school, place) == ([], place, False)
    await world.submit(source_reference="later")
    await numbered(world.database)
    items, _, _ = await read(world, world.school, place)
    assert [item["type"] for item in items] == REFERRAL


@pytest.mark.usefixtures("sent")
async def test_a_place_with_another_event_or_none_is_gone(world: Any) -> None:
    _, place, _ = await read(world, world.school)
    for gone in (replace(place, id=uuid4()), replace(place, number=10_000), Place(0, place.id)):
        with pytest.raises(CursorGone):
            await read(world, world.school, gone)


async def history(world: Any, client: Client, id: UUID, **part: Any) -> tuple[list[Any], UUID | None]:
    async with world.database.transaction() as connection:
        return await read_history(connection, client, id, **part)


async def test_a_history_tells_what_has_no_number_yet_too(
    world: Any, sent: dict[str, Any], owner: asyncpg.Connection
) -> None:
    id = UUID(sent["handovers"][0]["id"])
    await owner.execute(
        "INSERT INTO event (id, handover_id, type, role, at) "
        "VALUES (gen_random_uuid(), $1, 'handover.accepted', 'team', '2020-01-01')",
        id,
    )
    for client in (world.school, world.municipality):
        items, following = await history(world, client, id)
        assert [item["type"] for item in items] == ["handover.offered", "handover.accepted"]
        assert [item["number"] is None for item in items] == [False, True]
        assert following is None


async def test_a_history_comes_in_pages(world: Any, sent: dict[str, Any], owner: asyncpg.Connection) -> None:
    id = UUID(sent["handovers"][0]["id"])
    await owner.execute(
        "INSERT INTO event (id, handover_id, type, role, at) "
        "SELECT gen_random_uuid(), $1, 'handover.flagged', 'system', now() FROM generate_series(1, 6)",
        id,
    )
    seen, after = [], None
    while True:
        items, after = await history(world, world.school, id, after=after, limit=3)
        seen += [item["id"] for item in items]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 7


async def test_the_history_of_a_foreign_handover_is_not_found(world: Any, sent: dict[str, Any]) -> None:
    for client, id in (
        (world.other_school, sent["handovers"][0]["id"]),
        (world.core, sent["handovers"][0]["id"]),
        (world.school, str(uuid4())),
    ):
        with pytest.raises(NotFound):
            await history(world, client, UUID(id))
