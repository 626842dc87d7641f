"""What was kept for its term goes, class by class, just that and once; what is held stays (G26)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import uuid4

import asyncpg
import pytest

from app.adapters.erasure_ledger import FILE
from app.adapters.identifiers import new_ids
from app.errors import Unavailable
from app.services.retention import Keeping, days_now, overdue
from app.services.retention_terms import TERMS
from app.worker import chain_access_log, retention
from tests.worker.conftest import Course

TERM_OF: Final = {term.name: term.days for term in TERMS}
SUBSCRIBE = """
INSERT INTO webhook_subscription (id, organisation_id, roles, event_types, key_id, wrapped_key, url, secrets,
    status, version, created_at)
VALUES ($1, $2, '{referrer}', '{}', 'k', '', '', '', 'active', 1, $3)
"""
DELIVER = """
INSERT INTO webhook_delivery (subscription_id, event_id, stream, told, status, attempts, created_at)
VALUES ($1, gen_random_uuid(), $1, true, 'delivered', 1, $2)
"""
LOOK = """
INSERT INTO access_log (id, organisation_id, roles, activity, purpose, at)
VALUES ($1, $2, '{referrer}', 'list_referrals', 'referral', $3)
"""
IMPORT = """
INSERT INTO import (id, organisation_id, status, dry_run, created_at, finished_at, roles, key_id, wrapped_key,
    rows_done, last_row, outcomes, summary, faults)
VALUES ($1, $2, $3, false, $4, $5, '{referrer}', 'k', '', 0, 0, '{}', '{}', '[]')
"""
IMPORTED = """
INSERT INTO import_row (import_id, number, organisation_id, outcome) VALUES ($1, 2, $2, 'invalid')
"""
PART = "INSERT INTO import_part (import_id, number, organisation_id, content) VALUES ($1, 1, $2, '')"
AGE_EVENTS = "UPDATE event SET at = at - $1::interval, number = written"
COUNTS = {
    "referral": "SELECT count(*) FROM referral WHERE erased_at IS NULL",
    "unfinished_referral": "SELECT count(*) FROM referral WHERE erased_at IS NULL",
    "idempotency_key": "SELECT count(*) FROM idempotency",
    "import": "SELECT (SELECT count(*) FROM import) + (SELECT count(*) FROM import_row)",
    "import_upload": "SELECT count(*) FROM import_part",
    "delivery": "SELECT count(*) FROM webhook_delivery",
    "access_log": "SELECT count(*) FROM access_log",
    "event": "SELECT count(*) FROM event",
}


async def end_referrals(course: Course) -> None:
    for _ in range(2):
        id = await course.offered()
        await course.step(course.school, id, "withdraw", reason="no_longer_wanted")


async def leave_referrals_open(course: Course) -> None:
    for _ in range(2):
        await course.refer()


async def use_keys(course: Course) -> None:
    for _ in range(2):
        await course.owner.execute(
            "INSERT INTO idempotency VALUES ($1, $2, '', $3, $4)",
            *(course.school.organisation_id, uuid4().bytes, uuid4(), course.clock.now()),
        )


async def end_an_import(course: Course) -> None:
    """An import of long ago that has ended now, with one row."""
    own, id, now = course.school.organisation_id, uuid4(), course.clock.now()
    await course.owner.execute(IMPORT, id, own, "succeeded", now - timedelta(days=3), now)
    await course.owner.execute(IMPORTED, id, own)


async def send_files(course: Course) -> None:
    own = course.school.organisation_id
    for id in new_ids(course.clock.now(), 2):
        await course.owner.execute(IMPORT, id, own, "pending", course.clock.now(), None)
        await course.owner.execute(PART, id, own)


async def deliver(course: Course) -> None:
    subscription, now = uuid4(), course.clock.now()
    await course.owner.execute(SUBSCRIBE, subscription, course.school.organisation_id, now)
    for _ in range(2):
        await course.owner.execute(DELIVER, subscription, now)


async def make_events(course: Course) -> None:
    """Three of the first day, of which the last gives the next its number; as old as the days to come."""
    await course.owner.execute("DELETE FROM event")
    await course.refer()
    await course.owner.execute(AGE_EVENTS, timedelta(days=TERM_OF["event"] + 1))


async def look(course: Course) -> None:
    """Two looks of the school, linked."""
    now = course.clock.now()
    for id in new_ids(now, 2):
        await course.owner.execute(LOOK, id, course.school.organisation_id, now)
    while await chain_access_log.JOB.run(course.resources):
        pass


MAKING: Final[dict[str, Callable[[Course], Awaitable[None]]]] = {
    "referral": end_referrals,
    "unfinished_referral": leave_referrals_open,
    "idempotency_key": use_keys,
    "import": end_an_import,
    "import_upload": send_files,
    "delivery": deliver,
    "access_log": look,
    "event": make_events,
}


async def run(course: Course) -> int:
    """How much the worker did until it found nothing more."""
    done = 0
    while now := await retention.JOB.run(course.resources):
        done += now
    return done


async def left(course: Course, name: str) -> int:
    return int(await course.owner.fetchval(COUNTS[name]))


async def counted(course: Course) -> dict[str, int]:
    held = course.resources
    outside = (held.ledger, held.settings.trust_folder, held.keyring)
    keeping = Keeping(days_now(TERM_OF["referral"]), *outside, held.clock.now(), held.clock.today())
    async with held.database.transaction() as connection:
        return await overdue(connection, keeping)


def test_every_class_is_tried_here() -> None:
    assert MAKING.keys() == COUNTS.keys() == TERM_OF.keys()


@pytest.mark.parametrize("name", [name for name in MAKING if name != "event"])
async def test_what_was_kept_for_its_term_goes_and_what_was_not_stays(course: Course, name: str) -> None:
    await MAKING[name](course)
    course.on(1)
    await MAKING[name](course)  # of a day later
    course.on(TERM_OF[name])
    assert (await run(course), await left(course, name)) == (0, 4)
    course.clock.day += timedelta(days=1)
    assert (await counted(course))[name] == 2
    done = await run(course)
    assert (done, await left(course, name), (await counted(course))[name]) == (2, 2, 0)
    assert await run(course) == 0


async def test_events_go_save_the_last_and_those_of_less_than_a_year(course: Course) -> None:
    await make_events(course)
    everything = await left(course, "event")
    assert everything > 2
    assert (await counted(course))["event"] == everything - 1
    assert (await run(course), await left(course, "event")) == (everything - 1, 1)
    course.on(5000)
    await course.refer()
    await course.owner.execute("UPDATE event SET number = written")
    assert await run(course) <= 2, "by the clock of the database nothing more is a year old"


async def test_what_has_ended_is_kept_as_long_as_the_setting_says(course: Course) -> None:
    await end_referrals(course)
    settings = course.resources.settings.model_copy(update={"referral_retention_days": 10})
    course.resources = replace(course.resources, settings=settings)
    course.on(10)
    assert await run(course) == 0
    course.on(11)
    assert await run(course) == 2


async def test_what_is_held_stays_until_the_day_after(course: Course) -> None:
    await end_referrals(course)
    course.on(TERM_OF["referral"] + 1)
    hold = "UPDATE referral SET held_until = $1, held_because = 'weighty_interest'"
    await course.owner.execute(hold, course.clock.day)
    assert await run(course) == 0
    course.clock.day += timedelta(days=1)
    assert await run(course) == 2


async def test_a_step_of_yesterday_keeps_what_never_ended(course: Course) -> None:
    id = await course.offered()
    course.on(TERM_OF["unfinished_referral"])
    await course.step(course.kampen, id, "accept")
    course.clock.day += timedelta(days=1)
    assert await run(course) == 0


async def test_the_ledger_has_what_retention_erased(course: Course) -> None:
    await end_referrals(course)
    course.on(TERM_OF["referral"] + 1)
    await run(course)
    entries = [entry for entry, _ in course.resources.ledger.entries()]
    assert [entry.because for entry in entries] == ["retention", "retention"]


async def test_a_class_that_fails_keeps_no_other_waiting(course: Course, owner: asyncpg.Connection) -> None:
    await end_referrals(course)
    await use_keys(course)
    course.on(TERM_OF["referral"] + 1)
    folder = course.resources.settings.data_dir / "trust"
    (folder / FILE).mkdir(parents=True)  # the ledger cannot be written
    with pytest.raises(Unavailable):
        await retention.JOB.run(course.resources)
    assert (await left(course, "referral"), await left(course, "idempotency_key")) == (2, 0)
    assert await owner.fetchval("SELECT count(*) FROM referral WHERE wrapped_key IS NULL") == 0


async def test_a_file_that_nobody_imported_in_its_term_ends_its_import_visibly(course: Course) -> None:
    await send_files(course)
    course.on(TERM_OF["import_upload"] + 1)
    await run(course)
    ended = await course.owner.fetch("SELECT status, faults FROM import WHERE content_removed_at IS NOT NULL")
    assert [row["status"] for row in ended] == ["failed", "failed"]
    assert "upload.expired" in ended[0]["faults"]


def test_a_term_says_since_when_and_on_what_ground() -> None:
    assert all(term.since and term.source and term.days > 0 for term in TERMS)
