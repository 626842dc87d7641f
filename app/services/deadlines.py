"""The day on which a deadline falls, counted from the day of offering (CONTRACT 2, LAW 11.1)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import holidays
from holidays.constants import OPTIONAL, PUBLIC

from app.routing.decision import Deadline
from app.routing.directory import TeamTerms

SATURDAY = 5
DEFAULT_DAYS = 8  # F-10, for advice that no deadline concerns
FIRST_CONTACT: Final = "first_contact"
ACKNOWLEDGEMENT: Final = "acknowledgement"

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


def days_between(since: date, until: date, unit: str) -> int:
    """How many calendar or working days a term from one day to a later one has: `due_on` the other way."""
    days = (since + timedelta(days=number) for number in range(1, (until - since).days + 1))
    return (until - since).days if unit == "calendar" else sum(map(is_working_day, days))


def due_dates(deadlines: Iterable[Deadline], domains: set[str], offered_on: date) -> dict[str, date]:
    """The due date of each kind of deadline that concerns one of the problem domains, earliest first."""
    return {deadline.kind: day for deadline, day in earliest(deadlines, domains, offered_on)}


def earliest(
    deadlines: Iterable[Deadline], domains: set[str], offered_on: date
) -> list[tuple[Deadline, date]]:
    """Of each kind the deadline that falls first, with its due date, in order.

    A deadline without problem domains concerns all.
    """
    concerned = (one for one in deadlines if not one.problem_domains or domains & set(one.problem_domains))
    due = [(one, due_on(one.days, one.unit, offered_on)) for one in concerned]
    first: dict[str, tuple[Deadline, date]] = {}
    for one, day in sorted(due, key=lambda item: (item[1], item[0].kind)):
        first.setdefault(one.kind, (one, day))
    return list(first.values())


def with_team_terms(deadlines: Iterable[Deadline], terms: TeamTerms) -> list[Deadline]:
    """The deadlines of a handover to a team with terms of its own; those of the acts stay as they are."""
    changed = [_first_contact(one, terms) if one.kind == FIRST_CONTACT else one for one in deadlines]
    first, within, unit = terms.first_contact_within_days, terms.acknowledge_within_days, terms.unit
    if first and not any(one.kind == FIRST_CONTACT for one in changed):
        changed.append(Deadline(FIRST_CONTACT, first, unit, "F-10", ()))
    if within:
        changed.append(Deadline(ACKNOWLEDGEMENT, within, unit, "team", ()))
    return changed


def _first_contact(deadline: Deadline, terms: TeamTerms) -> Deadline:
    """F-10 says eight days and not of which kind: the team says that, or a number of its own."""
    return replace(deadline, days=terms.first_contact_within_days or deadline.days, unit=terms.unit)
