"""Deadlines fall on the day that Dutch practice and the Algemene termijnenwet say."""

from datetime import date

import pytest

from app.routing.decision import Deadline
from app.routing.directory import NO_TERMS, TeamTerms
from app.services.deadlines import days_between, due_dates, due_on, with_team_terms


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


@pytest.mark.parametrize("unit", ["calendar", "working"])
def test_the_days_of_a_term_are_those_that_it_was_counted_with(unit: str) -> None:
    christmas = date(2026, 12, 24)
    assert [days_between(christmas, due_on(n, unit, christmas), unit) for n in range(12)] == list(range(12))


def test_without_terms_of_its_own_a_team_has_those_of_the_decision() -> None:
    listed = [deadline("first_contact", 8), deadline("debt_talk", 28, "debts")]
    assert with_team_terms(listed, NO_TERMS) == listed


def test_a_team_may_count_the_eight_days_of_first_contact_in_working_days() -> None:
    (found,) = with_team_terms([deadline("first_contact", 8)], TeamTerms(unit="working"))
    assert (found.days, found.unit) == (8, "working")


def test_a_team_changes_no_term_of_an_act() -> None:
    terms = TeamTerms(acknowledge_within_days=90, first_contact_within_days=90, unit="working")
    assert deadline("debt_talk", 28) in with_team_terms([deadline("debt_talk", 28)], terms)


def test_a_first_contact_that_a_team_asks_for_is_there_where_the_decision_has_none() -> None:
    (found,) = with_team_terms([], TeamTerms(first_contact_within_days=3))
    assert (found.kind, found.days) == ("first_contact", 3)
