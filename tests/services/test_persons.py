"""All referrals of one person are found together, by number or by name, and a namesake's are not."""

from typing import Any
from uuid import UUID

import pytest

from app.services.persons import find_person
from app.services.subject_index import subject_index

SANNE = {"firstNames": "Sanne", "surname": "Voorbeeld", "birthDate": "2009-05-15"}


async def refer(world: Any, client: Any = None, **student: Any) -> UUID:
    """A referral of this student."""
    world.count = getattr(world, "count", 0) + 1
    submitted = await world.submit(client, identity=student, source_reference=f"sis-{world.count}")
    return UUID(submitted.referral["id"])


async def person(world: Any, **named: Any) -> set[UUID]:
    async with world.database.transaction() as connection:
        return set(await find_person(connection, world.keyring, world.school.organisation_id, **named))


async def test_one_number_is_one_person_whatever_the_name(world: Any) -> None:
    both = {
        await refer(world, **SANNE, studentNumber="S1"),
        await refer(world, **{**SANNE, "surname": "Getrouwd"}, studentNumber="S1"),
    }
    await refer(world, **{**SANNE, "firstNames": "Bram"}, studentNumber="S2")
    assert await person(world, student_number="S1") == both


@pytest.mark.parametrize("by", ["sis-1", "sis-2"])
async def test_one_with_a_number_and_one_without_are_found_from_either(world: Any, by: str) -> None:
    both = {
        await refer(world, **SANNE, studentNumber="S1"),
        await refer(world, **{**SANNE, "surname": " voorbeeld "}),
    }
    assert await person(world, source_reference=by) == both


async def test_a_name_that_changed_is_followed_through_the_number(world: Any) -> None:
    married = {**SANNE, "surname": "Getrouwd"}
    all_three = {
        await refer(world, **SANNE),
        await refer(world, **SANNE, studentNumber="S1"),
        await refer(world, **married, studentNumber="S1"),
        await refer(world, **married),
    }
    assert await person(world, source_reference="sis-1") == all_three


async def test_of_two_namesakes_each_has_its_own_and_what_tells_no_number_is_of_neither(world: Any) -> None:
    first = await refer(world, **SANNE, studentNumber="S1")
    second = await refer(world, **SANNE, studentNumber="S2")
    untold = await refer(world, **SANNE)
    found = [await person(world, referral_id=id) for id in (first, second, untold)]
    assert found == [{first}, {second}, {untold}]


async def test_without_a_birth_date_a_name_is_nobody(world: Any) -> None:
    nameless = {"firstNames": "Sanne", "surname": "Voorbeeld", "age": 17}
    first, _ = await refer(world, **nameless), await refer(world, **nameless)
    assert await person(world, referral_id=first) == {first}


async def test_another_organisations_referrals_are_nobodys(world: Any) -> None:
    foreign = await refer(world, world.other_school, **SANNE, studentNumber="S1")
    own = await refer(world, **SANNE, studentNumber="S1")
    assert await person(world, student_number="S1") == {own}
    assert await person(world, referral_id=foreign) == set()


async def test_all_that_is_told_must_fit(world: Any) -> None:
    await refer(world, **SANNE, studentNumber="S1")
    await refer(world, studentNumber="S2")
    assert await person(world, student_number="S1", source_reference="sis-2") == set()


def test_a_name_is_one_however_it_is_typed(world: Any) -> None:
    typed = [{**SANNE, "surname": text} for text in ("Zoë", "ZOË", " zoe\u0308 ")]
    assert (
        len({subject_index(world.keyring, world.school.organisation_id, student) for student in typed}) == 1
    )
