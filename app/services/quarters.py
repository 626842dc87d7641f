"""Calendar quarters, the periods of statistics: always whole, so that no two answers can be subtracted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from app.adapters.clock import AMSTERDAM

# A handover that ended may be reopened for thirty days (CONTRACT 5): before that an end is not yet one.
SETTLED_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year by its first day."""

    first: date

    @property
    def following(self) -> "Quarter":
        """The next one."""
        year, month = divmod(self.first.year * 12 + self.first.month + 2, 12)
        return Quarter(date(year, month + 1, 1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.following.first - timedelta(days=1)

    @property
    def begins(self) -> datetime:
        """The moment at which it begins in Amsterdam."""
        return datetime.combine(self.first, time(), tzinfo=AMSTERDAM)


def quarter_of(day: date) -> Quarter:
    """The quarter that a day lies in."""
    return Quarter(date(day.year, (day.month - 1) // 3 * 3 + 1, 1))


def last_settled(today: date) -> Quarter:
    """The last quarter of which the figures no longer change."""
    return quarter_of(quarter_of(today - SETTLED_AFTER).first - timedelta(days=1))


def quarters(first: Quarter, last: Quarter) -> Iterator[Quarter]:
    """All from one to another, both included; none where the last comes first."""
    while first <= last:
        yield first
        first = first.following
