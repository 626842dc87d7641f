"""Days on which somebody must look again: offers move by themselves, running support is flagged and stays."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.routing.directory import Agreement
from app.routing.facts import Circumstances, Facts, YouthHelp
from app.services.clients import Client
from app.services.directories import put_things
from app.worker import clocks
from tests.services.conftest import SUBMISSION
from tests.worker.conftest import Course

DAY = timedelta(days=1)
# Psychological help goes from the Youth Act to the insurer at 18; what is learnt does not change.
FACTS = replace(SUBMISSION.facts, problem_domains=("mental_health",))
SEVENTEEN, HALF, EIGHTEEN = date(2027, 5, 15), date(2027, 11, 15), date(2028, 5, 15)
SIXTEEN_NOW = replace(FACTS, birth_date=date(2010, 5, 15))
DUE = {"reassessment_due"}


async def running(course: Course, facts: Facts, team: Client | None = None) -> UUID:
    """Support that has started."""
    id = await course.offered(facts)
    await course.step(team or course.kampen, id, "accept")
    await course.step(team or course.kampen, id, "start", first_contact_on=course.clock.day)
    return id


async def flags_around(course: Course, id: UUID, day: date) -> tuple[set[str], set[str]]:
    """The flags after the worker looked on the day before, and on the day."""
    found = []
    for looked_on in (day - DAY, day):
        course.on(looked_on)
        await course.tick()
        found.append(await course.flags(id) & DUE)
    return found[0], found[1]


async def versions(course: Course, id: UUID) -> int:
    query = (
        "SELECT count(*) FROM decision WHERE referral_id = (SELECT referral_id FROM handover WHERE id = $1)"
    )
    return int(await course.owner.fetchval(query, id))


async def test_support_of_a_minor_is_to_be_looked_at_at_17_at_17_and_a_half_and_at_18(course: Course) -> None:
    id = await running(course, SIXTEEN_NOW)
    for day in (SEVENTEEN, HALF, EIGHTEEN):
        assert await flags_around(course, id, day) == (set(), DUE), day
        await course.step(course.kampen, id, "reassessed", comment="Besproken.")
    assert (await course.row(id))["status"] == "in_progress"


async def test_to_prepare_for_18_is_no_new_decision(course: Course) -> None:
    id = await running(course, SIXTEEN_NOW)
    course.on(HALF)
    await course.tick()
    assert await versions(course, id) == 1


async def test_support_whose_own_routes_do_not_change_is_left_alone(course: Course) -> None:
    """At 27 it is another who helps against dropping out; debts stay where they are."""
    facts = replace(FACTS, birth_date=date(2006, 5, 15), problem_domains=("debts", "absence_dropout"))
    id = await running(course, facts)
    row = await course.row(id)
    assert (row["problem_domains"], row["reassess_on"]) == (["debts"], date(2033, 5, 15))
    course.on(row["reassess_on"])
    assert await course.tick() == 1
    after = await course.row(id)
    assert (await versions(course, id), after["version"], after["flags"]) == (2, row["version"], row["flags"])


async def test_what_is_asked_of_a_team_is_not_taken_back_by_a_later_day(course: Course) -> None:
    facts = replace(FACTS, birth_date=date(2006, 5, 15), problem_domains=("debts", "absence_dropout"))
    id = await running(course, facts)
    await course.owner.execute("UPDATE handover SET flags = '{reassessment_due}' WHERE id = $1", id)
    course.on((await course.row(id))["reassess_on"])
    await course.tick()
    assert (await versions(course, id), await course.flags(id)) == (2, DUE)


async def test_an_offer_of_the_day_before_the_18th_birthday_moves_by_itself(course: Course) -> None:
    course.on(EIGHTEEN - DAY)
    id = await course.offered(replace(SIXTEEN_NOW, problem_domains=("family_parenting",)))
    await course.tick()
    assert (await course.row(id))["provisions"] == ["jw"]
    course.on(EIGHTEEN)
    assert await course.tick() == 1
    row = await course.row(id)
    heir = await course.row(row["succeeded_by"])
    assert (row["status"], heir["status"], heir["preceded_by"]) == ("redirected", "needs_information", id)
    assert ("handover.redirected", "system") in await course.events(id)
    assert await course.tick() == 0


async def test_after_the_half_year_window_support_is_to_be_looked_at(course: Course) -> None:
    ended = YouthHelp(type="pedagogical", started_on=date(2024, 1, 1), ended_on=date(2026, 9, 30))
    facts = replace(
        SUBMISSION.facts, birth_date=date(2008, 5, 15), circumstances=Circumstances(youth_help=(ended,))
    )
    id = await running(course, facts)
    assert (await course.row(id))["provisions"] == ["jw_ext"]
    assert await flags_around(course, id, date(2027, 3, 31)) == (set(), DUE)


async def test_at_the_end_of_an_agreement_support_is_to_be_looked_at(course: Course) -> None:
    await agree(course, valid_to=date(2026, 12, 31))
    facts = replace(SUBMISSION.facts, support_variant="municipal_youth_team")
    id = await running(course, facts, course.zwolle)
    assert await flags_around(course, id, date(2027, 1, 1)) == (set(), DUE)


async def agree(course: Course, **changes: Any) -> None:
    agreement = Agreement(
        id="kampen-zwolle",
        home_municipality="0166",
        core_municipality="0193",
        mandate="provide",
        payer="home",
        valid_from=date(2026, 1, 1),
    )
    async with course.resources.database.transaction() as connection:
        await put_things(connection, [replace(agreement, **changes)], course.clock.now())


async def test_a_month_without_a_worker_loses_no_day(course: Course) -> None:
    id = await running(course, SIXTEEN_NOW)
    course.on(HALF + 30 * DAY)
    await course.tick()
    assert await course.flags(id) & DUE == DUE
    assert (await course.row(id))["reassess_on"] == EIGHTEEN


async def test_a_lost_key_keeps_the_others_from_nothing_and_is_told(course: Course) -> None:
    lost = await running(course, SIXTEEN_NOW)
    found = await running(course, SIXTEEN_NOW)
    await course.owner.execute(
        "UPDATE referral SET key_id = 'gone' WHERE id = (SELECT referral_id FROM handover WHERE id = $1)",
        lost,
    )
    course.on(SEVENTEEN)
    assert await clocks.JOB.run(course.resources) == 1
    assert await course.flags(found) & DUE == DUE
    with pytest.raises(KeyError):
        await clocks.JOB.run(course.resources)
