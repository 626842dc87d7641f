"""Whole quarters, and from when on their figures stand."""

from datetime import date, timedelta

import pytest

from app.services.quarters import Quarter, last_settled, quarter_of, quarters


@pytest.mark.parametrize(
    ("today", "settled"),
    [
        (date(2026, 11, 22), date(2026, 7, 1)),
        (date(2026, 10, 30), date(2026, 4, 1)),
        (date(2026, 10, 31), date(2026, 7, 1)),
        (date(2026, 1, 30), date(2025, 7, 1)),
        (date(2026, 1, 31), date(2025, 10, 1)),
    ],
)
def test_a_quarter_is_settled_once_nothing_that_ended_in_it_can_be_reopened(
    today: date, settled: date
) -> None:
    assert last_settled(today) == Quarter(settled)
    assert today - last_settled(today).last >= timedelta(days=30)


def test_quarters_follow_each_other_without_a_gap() -> None:
    listed = list(quarters(quarter_of(date(2025, 11, 30)), quarter_of(date(2026, 4, 1))))
    assert [(q.first, q.last) for q in listed] == [
        (date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 6, 30)),
    ]
