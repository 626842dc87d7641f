"""Ages, borders, half-year windows and school years, counted as LAW 1.1 says."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

AGE_BORDERS = (12, 16, 18, 21, 23, 27)


def age_on(born: date, on: date) -> int:
    """Whole years of age on a day; reached at the start of the birthday (T-01, T-02: 1 March)."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@lru_cache(maxsize=65_536)
def birthday(born: date, years: int) -> date:
    """The first day on which `age_on` gives `years`; 29 February becomes 1 March (T-02)."""
    year = born.year + years
    if (born.month, born.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return date(year, born.month, born.day)


def add_months(day: date, months: int) -> date:
    """The same day number some calendar months later, clipped to the month's end (T-04)."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def transition_days(born: date) -> tuple[date, date]:
    """The first days of the last twelve and six months before the 18th birthday (JW-30)."""
    eighteen = birthday(born, 18)
    return _months_before(eighteen, 12), _months_before(eighteen, 6)


def _months_before(day: date, months: int) -> date:
    """The first day from which a day is no more than so many months away."""
    first = add_months(day, -months)
    return first if add_months(first, months) >= day else first + timedelta(days=1)


def half_year_after(ended: date) -> date:
    """The last day of the half year after youth help ended (JW-06c, T-04)."""
    return add_months(ended, 6)


def school_year_end(day: date) -> date:
    """31 July of the school year that holds the day (EX-20; 1 August to 31 July)."""
    return date(day.year + (day.month > 7), 7, 31)


def student_finance_from(born: date) -> date:
    """First day of mbo student finance: the quarter after turning 18 (PW-04b, WSF 2.3(1)(b))."""
    eighteen = birthday(born, 18)
    quarter = (eighteen.month - 1) // 3
    first = date(eighteen.year, quarter * 3 + 1, 1)
    return first if first == eighteen else add_months(first, 3)


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)
