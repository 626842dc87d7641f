"""A municipality sees that it helps somebody already; no school sees that another school referred."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.adapters.encryption import Keyring
from app.models import Handover
from app.services.clients import Client
from app.services.person_index import person_index
from app.services.seen_handover import find_handover

Json = dict[str, Any]

STUDENT = {
    "firstNames": "Zoë Anne-Marie",
    "surname": "van der Çelik",
    "birthDate": "2009-05-15",
    "postcode": "8261AA",
    "houseNumber": "12a",
}
KEYRING = Keyring({"k1": bytes(range(32))}, "k1", bytes(range(1, 33)))


def index(student: Json = STUDENT, municipality: str | None = "0166", **changes: Any) -> bytes | None:
    return person_index(KEYRING, municipality, {**student, **changes})


@pytest.mark.parametrize(
    "otherwise",
    [
        {"surname": "Celik, van der"},
        {"surname": "CELIK"},
        {"surname": "v\u0061n  der C\u0327elik"},
        {"firstNames": "zoe anne marie"},
        {"firstNames": "Zoe\u0308 Annemarie"},
        {"postcode": "8261 aa"},
        {"houseNumber": "12-A"},
        {"email": "zoe@example.org"},
    ],
)
def test_another_way_to_write_the_same_person_gives_the_same_index(otherwise: Json) -> None:
    assert index(**otherwise) == index()


@pytest.mark.parametrize(
    "otherwise",
    [
        {"firstNames": "Zoë"},
        {"surname": "van der Celic"},
        {"birthDate": "2009-05-16"},
        {"postcode": "8261AB"},
        {"houseNumber": "12"},
        {"houseNumber": None},
        {"surname": "Zoë", "firstNames": "Anne-Marie van der Çelik"},
    ],
)
def test_somebody_else_gives_another_index(otherwise: Json) -> None:
    assert index(**otherwise) not in (None, index())


def test_a_surname_of_infixes_alone_is_left_whole() -> None:
    assert index(surname="De Los") != index(surname="De La")


@pytest.mark.parametrize("missing", ["surname", "firstNames", "birthDate", "postcode"])
def test_less_than_name_birth_date_and_postcode_is_nobody(missing: str) -> None:
    assert index(STUDENT | {missing: None}) is None


def test_the_same_person_is_another_one_in_another_municipality() -> None:
    assert index(municipality="0193") != index()
    assert index(municipality=None) is None


async def refer(world: Any, school: Client | None = None, **changes: Any) -> Json:
    """A handover of the person to the team of Kampen, by a school."""
    referral = (await world.submit(school, **{"identity": STUDENT, **changes})).referral
    return dict(referral["handovers"][0])


async def seen(world: Any, client: Client, handover: Json) -> Json:
    async with world.database.transaction() as connection:
        return await find_handover(connection, client, world.keyring, UUID(handover["id"]), world.now)


async def change(world: Any, handover: Json, **columns: Any) -> None:
    async with world.database.transaction() as connection:
        changed = update(Handover).where(Handover.id == UUID(handover["id"]))
        await connection.execute(changed.values(**columns))


async def test_the_municipality_sees_both_handovers_from_either(world: Any) -> None:
    first, second = await refer(world), await refer(world, world.other_school)
    for this, other in ((first, second), (second, first)):
        (link,) = (await seen(world, world.municipality, this))["samePerson"]
        assert link == {
            "handoverId": other["id"],
            "status": "offered",
            "since": "2026-11-21",
            "team": other["team"],
        }


async def test_a_key_for_one_team_hears_of_the_other_team_whom_to_call_alone(world: Any) -> None:
    first, second = await refer(world), await refer(world, world.other_school)
    await change(world, second, team_id="kampen-schuldhulp", team_kind="debt_service", team_name="Schulden")
    limited = replace(
        world.municipality, roles=frozenset({"team"}), team_ids=frozenset({first["team"]["teamId"]})
    )
    (link,) = (await seen(world, limited, first))["samePerson"]
    assert link == {"team": {"teamId": "kampen-schuldhulp", "kind": "debt_service", "name": "Schulden"}}


async def test_a_school_reads_the_same_with_and_without_a_link(world: Any) -> None:
    first = await refer(world)
    before = await seen(world, world.school, first)
    second = await refer(world, world.other_school)
    assert (await seen(world, world.municipality, first))["samePerson"] != []
    assert await seen(world, world.school, first) == before
    assert second.keys() == first.keys() == before.keys()


async def test_another_receiver_than_the_responsible_municipality_sees_no_links(world: Any) -> None:
    first = await refer(world)
    await refer(world, world.other_school)
    await change(world, first, receiver_organisation_id=world.core.organisation_id)
    assert "samePerson" not in await seen(world, world.core, first)


async def test_what_lies_with_another_organisation_is_not_shown(world: Any) -> None:
    first, second = await refer(world), await refer(world, world.other_school)
    await change(world, second, receiver_organisation_id=world.core.organisation_id)
    assert (await seen(world, world.municipality, first))["samePerson"] == []


@pytest.mark.parametrize("ended", [0, 1])
async def test_what_has_ended_is_not_linked(world: Any, ended: int) -> None:
    both = [await refer(world), await refer(world, world.other_school)]
    await change(world, both[ended], status="completed", ended_at=world.now)
    assert (await seen(world, world.municipality, both[0]))["samePerson"] == []


async def test_a_receiver_that_may_not_know_who_it_is_does_not_hear_it_this_way(world: Any) -> None:
    unknown = replace(world.facts, consents=())
    await refer(world, world.other_school, facts=unknown)
    triage = replace(world.facts, problem_domains=("pregnancy_parenthood",), core_municipality="0166")
    waiting = await refer(world, facts=triage, source_reference="waits")
    first = await refer(world, source_reference="known")
    assert (await seen(world, world.municipality, first))["samePerson"] == []
    hidden = await seen(world, world.municipality, waiting)
    assert hidden["student"] is None
    assert "samePerson" not in hidden


async def test_handovers_of_the_same_referral_are_no_link(world: Any) -> None:
    facts = replace(world.facts, problem_domains=("family_parenting", "debts"))
    handovers = (await world.submit(identity=STUDENT, facts=facts)).referral["handovers"]
    assert len(handovers) > 1
    assert (await seen(world, world.municipality, handovers[0]))["samePerson"] == []


async def test_two_municipalities_hold_different_indexes_of_one_person(world: Any) -> None:
    kampen = await refer(world)
    elsewhere = await refer(world, world.other_school, facts=replace(world.facts, home_municipality="0193"))
    async with world.database.transaction() as connection:
        query = select(Handover.responsible_municipality, Handover.person_index)
        rows = (await connection.execute(query)).all()
    assert {row.responsible_municipality for row in rows} == {"0166", "0193"}
    assert len({row.person_index for row in rows} - {None}) == 2
    assert (await seen(world, world.municipality, kampen))["samePerson"] == []
    assert (await seen(world, world.core, elsewhere))["samePerson"] == []
