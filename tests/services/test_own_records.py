"""Each organisation sees its own records: the school what it referred, the team what it receives."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.errors import NotFound
from app.services.clients import Client
from app.services.handovers import list_handovers
from app.services.referrals import find_receipt, find_referral, list_referrals
from app.services.seen_handover import find_handover


@pytest.mark.parametrize("find", [find_referral, find_receipt, find_handover])
@pytest.mark.parametrize("whose", ["other_school", "missing"])
async def test_a_foreign_record_and_a_missing_one_are_not_found_alike(
    world: Any, find: Any, whose: str
) -> None:
    referral = (await world.submit()).referral
    own = referral["handovers"][0]["id"] if find is find_handover else referral["id"]
    client, id = (world.other_school, UUID(own)) if whose == "other_school" else (world.school, uuid4())
    async with world.database.transaction() as connection:
        with pytest.raises(NotFound):
            await find(connection, client, world.keyring, id, *([] if find is find_receipt else [world.now]))


async def test_a_list_holds_the_referrals_of_the_own_organisation_alone(world: Any) -> None:
    mine = (await world.submit()).referral
    await world.submit(world.other_school)
    items, after = await list_own_referrals(world)
    assert ([item["id"] for item in items], after) == ([mine["id"]], None)
    assert items[0]["sourceReference"] == "sis-2026-004711"
    assert "decision" not in items[0]


async def list_own_referrals(world: Any, **filters: Any) -> tuple[list[dict[str, Any]], UUID | None]:
    async with world.database.transaction() as connection:
        return await list_referrals(connection, world.school, world.keyring, **filters)


async def test_pages_follow_each_other_without_a_gap_or_a_double(world: Any) -> None:
    made = [(await world.submit(source_reference=f"sis-{n}")).referral["id"] for n in range(5)]
    seen, after = [], None
    while True:
        items, after = await list_own_referrals(world, after=after, limit=2)
        seen += [item["id"] for item in items]
        if after is None:
            break
    assert seen == sorted(made)


async def test_a_list_is_filtered_by_day_in_amsterdam_and_by_status(world: Any) -> None:
    await world.submit()
    world.now += timedelta(hours=11)  # 23:00 UTC: the next day in Amsterdam
    late = (await world.submit(source_reference="late")).referral["id"]
    next_day = date(2026, 11, 22)
    items, _ = await list_own_referrals(world, created_from=next_day, created_to=next_day, status="open")
    assert [item["id"] for item in items] == [late]
    assert await list_own_referrals(world, status="withdrawn") == ([], None)


async def received(world: Any, client: Client, **filters: Any) -> list[dict[str, Any]]:
    async with world.database.transaction() as connection:
        return (await list_handovers(connection, client, now=world.now, **filters))[0]


async def test_the_receiver_sees_its_handover_with_the_person_and_the_reason(world: Any) -> None:
    referral = (await world.submit()).referral
    (listed,) = await received(world, world.municipality)
    async with world.database.transaction() as connection:
        found = await find_handover(
            connection, world.municipality, world.keyring, UUID(listed["id"]), world.now
        )
    assert found["student"]["surname"] == "Voorbeeld-Kanarie"
    assert found["referrer"]["name"] == "M. Verwijzer-Kanarie"
    assert found["reason"] == "Vrije tekst met een kanarie."
    assert found["routes"] == referral["handovers"][0]["routes"]


async def test_a_list_of_handovers_names_nobody(world: Any) -> None:
    await world.submit()
    assert "anarie" not in str(await received(world, world.municipality))


async def test_the_referrer_sees_the_handover_as_it_stands_in_the_referral(world: Any) -> None:
    handover = (await world.submit()).referral["handovers"][0]
    async with world.database.transaction() as connection:
        assert (
            await find_handover(connection, world.school, world.keyring, UUID(handover["id"]), world.now)
            == handover
        )


async def test_what_waits_for_consent_is_hidden_from_the_receiver(world: Any) -> None:
    handover = (await world.submit(facts=replace(world.facts, consents=()))).referral["handovers"][0]
    assert handover["status"] == "needs_consent"
    assert await received(world, world.municipality) == []
    assert len(await received(world, world.school)) == 1
    async with world.database.transaction() as connection:
        with pytest.raises(NotFound):
            await find_handover(
                connection, world.municipality, world.keyring, UUID(handover["id"]), world.now
            )


async def test_a_desk_sees_what_waits_for_it_but_not_yet_of_whom(world: Any) -> None:
    facts = replace(world.facts, problem_domains=("pregnancy_parenthood",))
    (handover,) = (await world.submit(facts=facts)).referral["handovers"]
    assert (handover["status"], handover["team"]) == ("needs_information", None)
    async with world.database.transaction() as connection:
        found = await find_handover(connection, world.core, world.keyring, UUID(handover["id"]), world.now)
    assert found["routes"] == handover["routes"]
    assert (found["student"], found["referrer"], found["reason"]) == (None, None, None)


@pytest.mark.parametrize(("team", "count"), [("kampen-wijkteam", 1), ("kampen-wmo-loket", 0)])
async def test_a_key_for_some_teams_sees_their_handovers_alone(world: Any, team: str, count: int) -> None:
    await world.submit()
    limited = replace(world.municipality, roles=frozenset({"team"}), team_ids=frozenset({team}))
    assert len(await received(world, limited)) == count


@pytest.mark.parametrize(
    ("teams", "asked", "count"),
    [
        ((), None, 0),
        (("zwolle-wijkteam",), "kampen-wijkteam", 0),
        (("kampen-wijkteam",), "kampen-wijkteam", 1),
    ],
)
async def test_a_filter_by_team_shows_no_more_than_the_key_may_see(
    world: Any, teams: tuple[str, ...], asked: str | None, count: int
) -> None:
    await world.submit()
    limited = replace(world.municipality, roles=frozenset({"team"}), team_ids=frozenset(teams))
    assert len(await received(world, limited, team_id=asked)) == count


async def test_whoever_refers_to_itself_sees_the_handover_once(world: Any) -> None:
    both = replace(world.municipality, roles=frozenset({"referrer", "desk"}))
    await world.submit(both)
    assert len(await received(world, both)) == 1


async def test_a_key_without_a_role_for_referrals_sees_no_handovers(world: Any) -> None:
    await world.submit()
    assert await received(world, replace(world.school, roles=frozenset({"auditor"}))) == []


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 1),
        ({"status": "offered", "team_id": "kampen-wijkteam", "municipality": "0166"}, 1),
        ({"status": "accepted"}, 0),
        ({"team_id": "zwolle-wijkteam"}, 0),
        ({"municipality": "0193"}, 0),
        ({"flag": "overdue"}, 0),
    ],
)
async def test_a_list_of_handovers_is_filtered(world: Any, wanted: dict[str, Any], count: int) -> None:
    await world.submit()
    assert len(await received(world, world.municipality, **wanted)) == count


async def test_pages_of_handovers_follow_each_other(world: Any) -> None:
    made = [await world.submit(source_reference=f"sis-{n}") for n in range(3)]
    async with world.database.transaction() as connection:
        first, after = await list_handovers(connection, world.municipality, limit=2, now=world.now)
        second, end = await list_handovers(
            connection, world.municipality, after=after, limit=2, now=world.now
        )
    expected = sorted(item.referral["handovers"][0]["id"] for item in made)
    assert ([item["id"] for item in first + second], end) == (expected, None)
