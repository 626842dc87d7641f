"""An agreement or team that changes unexpectedly: what is open is looked at that day."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from app.routing.directory import Agreement, Team
from app.services.directories import put_things
from tests.services.conftest import SUBMISSION
from tests.worker.conftest import FIRST_DAY, Course

AGREEMENT = Agreement(
    id="kampen-zwolle",
    home_municipality="0166",
    core_municipality="0193",
    mandate="provide",
    payer="home",
    valid_from=date(2026, 1, 1),
)
AT_ZWOLLE = replace(SUBMISSION.facts, support_variant="municipal_youth_team")
YESTERDAY = FIRST_DAY - timedelta(days=1)


async def put(course: Course, *things: Agreement | Team) -> None:
    async with course.resources.database.transaction() as connection:
        await put_things(connection, things, course.clock.now())


async def team_of(course: Course, id: str) -> Team:
    async with course.resources.database.transaction() as connection:
        teams = (await course.resources.newest_directory(connection)).teams
    return next(team for team in teams if team.id == id)


async def offers_of(course: Course, id: UUID) -> set[str]:
    """The teams that the referral of a handover lies open with."""
    query = """SELECT team_id FROM handover WHERE status = 'offered'
               AND referral_id = (SELECT referral_id FROM handover WHERE id = $1)"""
    return {row["team_id"] for row in await course.owner.fetch(query, id)}


async def test_what_is_open_under_an_agreement_that_is_ended_is_decided_again_that_day(
    course: Course,
) -> None:
    await put(course, AGREEMENT)
    id = await course.offered(AT_ZWOLLE)
    assert await offers_of(course, id) == {"zwolle-jongerenteam"}
    await put(course, replace(AGREEMENT, valid_to=YESTERDAY))
    assert await course.tick() == 1
    assert await offers_of(course, id) == {"kampen-wijkteam", "zwolle-jongerenteam"}


async def test_support_under_an_agreement_that_is_ended_is_to_be_looked_at(course: Course) -> None:
    await put(course, AGREEMENT)
    id = await course.offered(AT_ZWOLLE)
    await course.step(course.zwolle, id, "accept")
    await put(course, replace(AGREEMENT, valid_to=YESTERDAY))
    await course.tick()
    row = await course.row(id)
    assert (row["status"], row["flags"]) == ("accepted", ["reassessment_due"])


async def test_an_agreement_of_another_home_concerns_nobody_here(course: Course) -> None:
    id = await course.offered()
    before = dict(await course.row(id))
    await put(course, replace(AGREEMENT, id="dalfsen-zwolle", home_municipality="0148"))
    assert dict(await course.row(id)) == before


async def test_an_offer_to_a_team_that_is_ended_moves_that_day(course: Course) -> None:
    id = await course.offered()
    await put(course, replace(await team_of(course, "kampen-wijkteam"), valid_to=YESTERDAY))
    assert await course.tick() == 1
    assert (await course.row(id))["status"] == "redirected"


async def test_another_telephone_number_of_a_team_moves_nothing(course: Course) -> None:
    id = await course.offered()
    before = dict(await course.row(id))
    team = await team_of(course, "kampen-wijkteam")
    assert team.contact is not None
    await put(course, replace(team, contact=replace(team.contact, phone="+31600000009")))
    assert dict(await course.row(id)) == before


async def test_what_has_ended_is_not_looked_at(course: Course) -> None:
    id = await course.offered()
    await course.step(course.school, id, "withdraw", reason="no_longer_wanted")
    await put(course, AGREEMENT)
    assert (await course.row(id))["clock_on"] is None


async def test_a_look_that_finds_no_change_stores_nothing_but_the_next_day(course: Course) -> None:
    id = await course.offered()
    before = dict(await course.row(id))
    await put(course, replace(AGREEMENT, provisions=("pw",)))
    assert (await course.row(id))["reassess_on"] == FIRST_DAY
    assert await course.tick() == 1
    assert dict(await course.row(id)) == before
