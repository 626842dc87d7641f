"""The day on which a deadline falls, counted from the day of offering (CONTRACT 2, LAW 11.1)."""

from datetime import date, timedelta

import holidays
from holidays.constants import OPTIONAL, PUBLIC

from app.routing.decision import Deadline

SATURDAY = 5
DEFAULT_DAYS = 8  # F-10, for advice that no deadline concerns

# The days of art. 3 Algemene termijnenwet: with Good Friday, and 5 May in every year.
_HOLIDAYS = holidays.country_holidays("NL", categories=(PUBLIC, OPTIONAL))


def is_working_day(day: date) -> bool:
    """Whether the day is no Saturday, Sunday or Dutch public holiday."""
    return day.weekday() < SATURDAY and day not in _HOLIDAYS


def due_on(days: int, unit: str, offered_on: date) -> date:
    """The last day of a term of calendar or working days; the day of offering is not counted.

    A term in calendar days may end on a Sunday: it is shown as it was counted, never later.
    """
    if unit == "calendar":
        return offered_on + timedelta(days=days)
    due = offered_on
    while days:
        due += timedelta(days=1)
        days -= is_working_day(due)
    return due


def due_dates(deadlines: tuple[Deadline, ...], domains: set[str], offered_on: date) -> dict[str, date]:
    """The due date of each kind of deadline that concerns one of the problem domains, earliest first.

    A deadline without problem domains concerns all; of one kind the earliest date counts.
    """
    due: dict[str, date] = {}
    for deadline in deadlines:
        if not deadline.problem_domains or domains.intersection(deadline.problem_domains):
            day = due_on(deadline.days, deadline.unit, offered_on)
            due[deadline.kind] = min(day, due.get(deadline.kind, day))
    return dict(sorted(due.items(), key=lambda item: (item[1], item[0])))
