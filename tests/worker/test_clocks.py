"""Clocks of handovers: what runs out is flagged once, on the day after its last one, whoever looks when."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.db import open_database
from app.routing.directory import TeamTerms
from app.services.directories import put_things
from app.services.lifecycle.placing import Body
from app.worker import clocks
from tests.services.conftest import SUBMISSION
from tests.worker.conftest import FIRST_DAY, Course

# Of first contact: eight calendar days (F-10); as long again before the desk is told.
CONTACT, ESCALATED = 8, 16
# Of everything else that waits: fourteen days (JW-27).
WAITING = 14
FLAGGED = ("handover.flagged", "system")


async def with_terms(course: Course, **terms: Any) -> None:
    async with course.resources.database.transaction() as connection:
        teams = (await course.resources.newest_directory(connection)).teams
        team = next(one for one in teams if one.id == "kampen-wijkteam")
        await put_things(connection, [replace(team, terms=TeamTerms(**terms))], course.clock.now())


async def nobodys(course: Course) -> UUID:
    """A handover at the desk: nobody can tell whose it is."""
    id = await course.offered(replace(SUBMISSION.facts, home_municipality=None))
    await course.step(course.school, id, "triage")
    return id


async def flags_on(course: Course, id: UUID, days: range) -> dict[int, set[str]]:
    """The flags after the worker looked, on each of these days."""
    found = {}
    for day in days:
        course.on(day)
        await course.tick()
        found[day] = await course.flags(id)
    return found


async def test_a_term_is_overdue_on_the_day_after_its_last_and_escalated_after_as_long_again(
    course: Course,
) -> None:
    id = await course.offered()
    found = await flags_on(course, id, range(CONTACT - 1, ESCALATED + 3))
    for day, flags in found.items():
        expected = {"overdue"} if day > CONTACT else set()
        assert flags == expected | ({"escalated"} if day > ESCALATED else set()), day
    assert await course.events(id) == [("handover.offered", "system"), FLAGGED, FLAGGED]
    row = await course.row(id)
    assert (row["version"], row["flags"]) == (3, ["overdue", "escalated"])


async def test_silence_changes_no_status(course: Course) -> None:
    id = await course.offered()
    course.on(100)
    await course.tick()
    assert (await course.row(id))["status"] == "offered"


@pytest.mark.parametrize("waits", ["needs_consent", "needs_information", "needs_triage"])
async def test_what_waits_for_somebody_else_has_a_clock_too(course: Course, waits: str) -> None:
    match waits:
        case "needs_consent":
            id = await course.offered(replace(SUBMISSION.facts, consents=()))
        case "needs_information":
            id = await course.offered(replace(SUBMISSION.facts, birth_date=date(2007, 5, 15)))
        case _:
            id = await nobodys(course)
    assert (await course.row(id))["status"] == waits
    found = await flags_on(course, id, range(WAITING, WAITING + 2))
    assert list(found.values()) == [set(), {"overdue"}]


async def test_the_step_that_a_clock_waited_for_clears_its_flags(course: Course) -> None:
    id = await course.offered()
    course.on(ESCALATED + 1)
    await course.tick()
    await course.step(course.kampen, id, "accept")
    assert await course.flags(id) == {"overdue", "escalated"}
    await course.step(course.kampen, id, "start", first_contact_on=course.clock.day)
    assert await course.flags(id) == set()
    await course.tick()
    assert await course.flags(id) == set()


async def test_the_clocks_stand_still_while_a_question_is_open(course: Course) -> None:
    id = await course.offered()
    course.on(5)
    await course.step(course.kampen, id, "ask", question="Welke school?")
    found = await flags_on(course, id, range(CONTACT, CONTACT + 4))
    assert set(map(frozenset, found.values())) == {frozenset()}
    await course.step(course.kampen, id, "resume")
    # Three of its eight days were left on day 11.
    found = await flags_on(course, id, range(13, 16))
    assert list(found.values()) == [set(), set(), {"overdue"}]


async def test_working_days_stand_still_as_working_days(course: Course) -> None:
    await with_terms(course, first_contact_within_days=3, unit="working")
    id = await course.offered()  # Monday: until Thursday
    course.on(2)
    await course.step(course.kampen, id, "ask", question="Welke school?")
    course.on(4)  # Friday: one working day is left, Monday
    await course.step(course.kampen, id, "resume")
    found = await flags_on(course, id, range(5, 9))
    assert list(found.values()) == [set(), set(), set(), {"overdue"}]


async def test_a_question_that_nobody_answers_comes_back_and_tells(course: Course) -> None:
    id = await course.offered()
    course.on(1)
    await course.step(course.kampen, id, "acknowledge")
    await course.step(course.kampen, id, "ask", question="Welke school?")
    course.on(1 + WAITING)
    assert await course.tick() == 0
    course.on(2 + WAITING)
    assert await course.tick() == 1
    row = await course.row(id)
    assert (row["status"], row["flags"], row["held_from"]) == ("acknowledged", ["overdue"], None)
    assert (await course.events(id))[-2:] == [("handover.acknowledged", "system"), FLAGGED]
    course.on(2 + 2 * WAITING)
    await course.tick()
    assert "escalated" in await course.flags(id)


async def test_an_offer_that_comes_back_is_no_new_offer(course: Course) -> None:
    id = await course.offered()
    offered_at = (await course.row(id))["offered_at"]
    await course.step(course.kampen, id, "ask", question="Welke school?")
    course.on(1 + WAITING)
    await course.tick()
    row = await course.row(id)
    assert (row["status"], row["offered_at"]) == ("offered", offered_at)


async def test_a_step_ends_what_an_unanswered_question_counts(course: Course) -> None:
    id = await course.offered()
    await course.step(course.kampen, id, "ask", question="Welke school?")
    course.on(1 + WAITING)
    await course.tick()
    await course.step(course.kampen, id, "acknowledge")
    assert await course.flags(id) == set()


async def test_a_question_of_the_service_itself_waits_and_never_comes_back(course: Course) -> None:
    id = await course.offered(replace(SUBMISSION.facts, birth_date=date(2007, 5, 15)))
    course.on(60)
    await course.tick()
    row = await course.row(id)
    assert (row["status"], set(row["flags"])) == ("needs_information", {"overdue", "escalated"})


async def test_a_clock_that_ran_out_while_no_worker_ran_is_found(course: Course) -> None:
    id = await course.offered()
    course.on(45)
    assert await course.tick() == 1
    assert await course.flags(id) == {"overdue", "escalated"}
    assert await course.events(id) == [("handover.offered", "system"), FLAGGED]


async def test_a_worker_that_finds_nothing_writes_nothing(course: Course) -> None:
    id = await course.offered()
    course.on(CONTACT + 1)
    await course.tick()
    before = dict(await course.row(id))
    assert await course.tick() == 0
    assert dict(await course.row(id)) == before


async def test_several_workers_set_each_flag_once(course: Course) -> None:
    ids = [await course.offered() for _ in range(12)]
    course.on(CONTACT + 1)
    async with open_database(course.resources.settings) as other:
        second = replace(course.resources, database=other)
        runs = (clocks.JOB.run(held) for held in (course.resources, second) * 3)
        done = sum(await asyncio.gather(*runs))
    assert done == 12
    for id in ids:
        assert await course.events(id) == [("handover.offered", "system"), FLAGGED]


async def test_a_handover_that_somebody_changes_now_is_left_until_then(course: Course) -> None:
    id = await course.offered()
    course.on(CONTACT + 1)
    locked = "SELECT 1 FROM referral WHERE id = (SELECT referral_id FROM handover WHERE id = $1) FOR UPDATE"
    async with course.owner.transaction():
        await course.owner.execute(locked, id)
        assert await asyncio.wait_for(course.tick(), 5) == 0
    assert await course.tick() == 1


async def test_a_row_that_cannot_be_read_keeps_none_of_the_others_waiting(course: Course) -> None:
    broken, *ids = [await course.offered() for _ in range(3)]
    await course.owner.execute(
        "UPDATE handover SET deadlines = '[{}]', clock_on = clock_on - 1 WHERE id = $1", broken
    )
    course.on(CONTACT + 1)
    assert await clocks.JOB.run(course.resources) == 2
    assert [await course.flags(id) for id in ids] == [{"overdue"}] * 2
    with pytest.raises(KeyError):
        await clocks.JOB.run(course.resources)


async def test_a_term_runs_out_without_the_key_of_its_referral(course: Course) -> None:
    id = await course.offered()
    await course.owner.execute("UPDATE referral SET key_id = 'gone'")
    course.on(CONTACT + 1)
    assert await course.tick() == 1
    assert await course.flags(id) == {"overdue"}


async def test_what_escalates_is_in_the_list_of_the_desk_and_in_its_events(course: Course) -> None:
    """The team is Zwolle's, on site; the desk is that of Kampen, where the student lives."""
    id = await course.offered(replace(SUBMISSION.facts, home_municipality="0193"))
    await course.owner.execute("UPDATE handover SET desk_organisation_id = $1", course.kampen.organisation_id)
    course.on(ESCALATED)
    await course.tick()
    assert await course.listed(course.kampen, "escalated") == []
    course.on(ESCALATED + 1)
    await course.tick()
    told = await course.owner.fetch(
        "SELECT desk_organisation_id FROM event WHERE handover_id = $1 AND type = 'handover.flagged'", id
    )
    assert [row[0] for row in told] == [course.kampen.organisation_id] * 2
    assert [one["id"] for one in await course.listed(course.kampen, "escalated")] == [str(id)]


async def test_a_referrer_tells_three_outcomes_apart(course: Course) -> None:
    nobody = await nobodys(course)
    bounced, silent = await course.offered(), await course.offered()
    body = Body("municipality", "0193")
    await course.step(course.kampen, bounced, "reject", reason="residence", responsible_body=body)
    course.on(CONTACT + 1)
    await course.tick()
    rows = [await course.row(id) for id in (nobody, bounced, silent)]
    assert [row["status"] for row in rows] == ["needs_triage", "rejected", "offered"]
    assert (rows[0]["preceded_by"], rows[1]["succeeded_by"] is None, rows[2]["flags"]) == (
        None,
        False,
        ["overdue"],
    )


async def test_a_team_that_wants_to_acknowledge_soon_has_a_clock_for_it(course: Course) -> None:
    await with_terms(course, acknowledge_within_days=2)
    silent, prompt = await course.offered(), await course.offered()
    course.on(2)
    await course.step(course.kampen, prompt, "acknowledge")
    await course.tick()
    assert await course.flags(silent) == set()
    course.on(3)
    await course.tick()
    assert (await course.flags(silent), await course.flags(prompt)) == ({"overdue"}, set())


async def test_a_team_that_is_given_a_handover_later_gets_it_with_its_own_terms(course: Course) -> None:
    await with_terms(course, acknowledge_within_days=2)
    id = await nobodys(course)
    course.on(3)
    desk = await course.desk_of(id)
    seen = await course.step(desk, id, "assign", team="kampen-wijkteam", comment="Woont in Kampen.")
    due = {one["kind"]: one["due"] for one in seen["deadlines"]}
    assert due["acknowledgement"] == (FIRST_DAY + timedelta(days=5)).isoformat()
