"""Moments are in UTC, days are Amsterdam's, and identifiers sort by time."""

from datetime import UTC, date, datetime, timedelta

import time_machine

from app.adapters.clock import SystemClock
from app.adapters.identifiers import first_id, new_ids

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@time_machine.travel("2026-06-30T22:30:00Z", tick=False)
def test_a_day_starts_at_midnight_in_amsterdam() -> None:
    assert SystemClock().today() == date(2026, 7, 1)
    assert SystemClock().now() == datetime(2026, 6, 30, 22, 30, tzinfo=UTC)


def test_identifiers_of_one_moment_are_ascending_and_all_different() -> None:
    ids = new_ids(NOON, 50)
    assert ids == sorted(set(ids))
    assert {id.version for id in ids} == {7}


def test_a_later_moment_gives_a_higher_identifier() -> None:
    (early,), (late,) = new_ids(NOON, 1), new_ids(NOON + timedelta(milliseconds=1), 1)
    assert first_id(NOON) <= early < first_id(NOON + timedelta(milliseconds=1)) <= late
