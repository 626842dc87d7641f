"""The next day on which somebody must look again at what was decided (LAW 3.5, CONTRACT 5)."""

from datetime import date, timedelta
from typing import Final

from app.routing.dates import transition_days
from app.routing.decision import Decision

_DAY: Final = timedelta(days=1)


def reassess_on(decision: Decision, today: date) -> date | None:
    """The first day after today on which a route changes, or on which the move to 18 must be prepared.

    A decision tells of its first change alone, and of any of its routes: on that day all of them are looked
    at, and the day after it that matters is found. What changed before today is looked at tomorrow.
    """
    days = []
    if decision.next_change:
        days.append(max(decision.next_change.on, today + _DAY))
    if decision.age and decision.age.born_on:
        since = max(decision.reference_date, today)
        days += [day for day in transition_days(decision.age.born_on) if day > since]
    return min(days, default=None)
