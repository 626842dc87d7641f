"""The next day to look again at a decision: seventeen, seventeen and a half, and what changes first."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.reference import open_reference
from app.reference.demo import demo_directory
from app.routing import Decision, Directory, Rulebook, route
from app.routing.dates import transition_days
from app.routing.facts import ABSENT, Absent, Circumstances, YouthHelp
from app.services.lifecycle.reassessment import reassess_on
from tests.services.conftest import SUBMISSION

DAY = timedelta(days=1)
YEAR, HALF_YEAR = "AGE_18_WITHIN_12_MONTHS", "AGE_18_WITHIN_6_MONTHS"


def decided(
    rulebook: Rulebook,
    *,
    born: date,
    on: date,
    today: date | None = None,
    youth_help: tuple[YouthHelp, ...] | Absent = ABSENT,
) -> Decision:
    places = open_reference().places
    demo = demo_directory(places)
    directory = Directory(edition=1, places=places, teams=demo.teams, agreements=demo.agreements)
    circumstances = Circumstances(youth_help=youth_help)
    facts = replace(SUBMISSION.facts, birth_date=born, circumstances=circumstances)
    return route(facts, rulebook, directory, on, today or on)


def warned(decision: Decision) -> set[str]:
    return {warning.code for warning in decision.warnings}


@pytest.mark.parametrize("born", [date(2009, 5, 15), date(2008, 2, 29), date(2009, 8, 31), date(2010, 8, 29)])
def test_the_days_to_prepare_for_18_are_those_on_which_the_warnings_begin(
    rulebook: Rulebook, born: date
) -> None:
    for day, code in zip(transition_days(born), (YEAR, HALF_YEAR), strict=True):
        assert code in warned(decided(rulebook, born=born, on=day))
        assert code not in warned(decided(rulebook, born=born, on=day - DAY))


def test_somebody_of_sixteen_is_looked_at_again_at_17_then_at_17_and_a_half_then_at_18(
    rulebook: Rulebook,
) -> None:
    born, day, days = date(2010, 5, 15), date(2026, 11, 23), []
    for _ in range(3):
        found = reassess_on(decided(rulebook, born=born, on=day), day)
        assert found is not None
        days.append(day := found)
    assert days == [date(2027, 5, 15), date(2027, 11, 15), date(2028, 5, 15)]


def test_the_day_after_the_half_year_window_is_a_day_to_look_again(rulebook: Rulebook) -> None:
    help_ended = YouthHelp(type="pedagogical", started_on=date(2024, 1, 1), ended_on=date(2026, 9, 30))
    on = date(2026, 11, 23)
    decision = decided(rulebook, born=date(2008, 5, 15), on=on, youth_help=(help_ended,))
    assert decision.next_change is not None
    assert (decision.next_change.because, reassess_on(decision, on)) == ("half_year", date(2027, 3, 31))


def test_what_has_changed_before_today_is_looked_at_tomorrow(rulebook: Rulebook) -> None:
    today = date(2026, 11, 23)
    decision = decided(rulebook, born=date(2008, 5, 15), on=date(2026, 5, 14), today=today)
    assert reassess_on(decision, today) == today + DAY


def test_an_age_in_years_gives_no_day(rulebook: Rulebook) -> None:
    day = date(2026, 11, 23)
    decision = decided(rulebook, born=date(2009, 5, 15), on=day)
    assert reassess_on(replace(decision, age=None, next_change=None), day) is None
