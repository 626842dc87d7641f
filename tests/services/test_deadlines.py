"""Deadlines fall on the day that Dutch practice and the Algemene termijnenwet say."""

from datetime import date

import pytest

from app.routing.decision import Deadline
from app.services.deadlines import due_dates, due_on


def deadline(kind: str, days: int, *domains: str) -> Deadline:
    return Deadline(kind=kind, days=days, unit="calendar", basis="F-10", problem_domains=domains)


def test_eight_calendar_days_end_on_the_same_weekday_and_one() -> None:
    assert due_on(8, "calendar", date(2026, 5, 14)) == date(2026, 5, 22)


@pytest.mark.parametrize(
    ("offered_on", "due"),
    [
        pytest.param(date(2026, 11, 17), date(2026, 11, 20), id="within one week"),
        pytest.param(date(2026, 11, 20), date(2026, 11, 25), id="over a weekend"),
        pytest.param(date(2026, 4, 24), date(2026, 4, 30), id="over King's Day"),
        pytest.param(date(2026, 4, 2), date(2026, 4, 9), id="over Good Friday and Easter Monday"),
        pytest.param(date(2026, 5, 4), date(2026, 5, 8), id="over 5 May, outside a lustrum too"),
        pytest.param(date(2026, 12, 24), date(2026, 12, 30), id="over Christmas"),
        pytest.param(date(2026, 12, 31), date(2027, 1, 6), id="over New Year's Day"),
        pytest.param(date(2026, 11, 22), date(2026, 11, 25), id="offered on a Sunday"),
    ],
)
def test_three_working_days_skip_weekends_and_holidays(offered_on: date, due: date) -> None:
    assert due_on(3, "working", offered_on) == due


def test_deadlines_of_other_problem_domains_do_not_count() -> None:
    found = due_dates((deadline("debt_talk", 28, "debts"),), {"mental_health"}, date(2026, 5, 14))
    assert found == {}


def test_a_deadline_without_problem_domains_concerns_all() -> None:
    found = due_dates((deadline("first_contact", 8),), {"debts"}, date(2026, 5, 14))
    assert found == {"first_contact": date(2026, 5, 22)}


def test_of_one_kind_the_earliest_date_counts() -> None:
    deadlines = (deadline("debt_talk", 28, "debts"), deadline("debt_talk", 3, "debts"))
    assert due_dates(deadlines, {"debts"}, date(2026, 5, 14)) == {"debt_talk": date(2026, 5, 17)}
