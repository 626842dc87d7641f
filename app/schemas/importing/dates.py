"""Days as files write them, each in the one form that is stated; a year is never guessed."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from app.schemas.importing.cell_fault import CellFault

SERIAL: Final = "serial"
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SERIAL: Final = re.compile(r"([0-9]{1,5})(?:[.,]0+)?")
_PART: Final = re.compile(r"yyyy|mmm|mm?|dd?|[-/. ]")
_PATTERN_OF: Final = {
    "yyyy": "(?P<year>[0-9]{4})",
    "mmm": r"(?P<name>[a-z]+)\.?",
    "mm": "(?P<month>[0-9]{2})",
    "m": "(?P<month>[0-9]{1,2})",
    "dd": "(?P<day>[0-9]{2})",
    "d": "(?P<day>[0-9]{1,2})",
}
_MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
    "november", "december",
)  # fmt: skip
_MONTH_OF: Final = {
    **{name: number for number, name in enumerate(_MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(_MONTHS, 1)},
    "mrt": 3,
    "sept": 9,
}
_TWO_DIGIT_YEAR: Final = re.compile(
    r"[0-9]{1,2}([-/. ])[0-9]{1,2}\1[0-9]{2}|[0-9]{1,2}[-/. ]?[a-z]{3,9}\.?[-/. ]?[0-9]{2}|[0-9]{6}",
    re.IGNORECASE,
)
_LOOKS_SERIAL: Final = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?")
# Spreadsheets count 29 February 1900, which never was: from 1 March on they are a day ahead.
_PHANTOM: Final = 60
_BEFORE_FIRST: Final = date(1899, 12, 31)


def date_reader(form: str | None) -> Callable[[str], str]:
    """What turns a cell into `YYYY-MM-DD`; None is that form alone, which every other form takes as well.

    Forms are made of `yyyy`, `mm` or `m`, `mmm` (the Dutch name), `dd` or `d` and `-`, `/`, `.` or a space;
    `serial` is the number of a day in the 1900 system of spreadsheets. Raises ValueError for any other.
    """
    if form is None:
        return _canonical
    return _serial if form == SERIAL else _in_form(form)


def _canonical(text: str) -> str:
    if _ISO.fullmatch(text):
        return text  # whether there is such a day is told by the request itself
    raise CellFault(_why(text) or "date.format")


def _why(text: str) -> str | None:
    if _TWO_DIGIT_YEAR.fullmatch(text):
        return "date.two_digit_year"
    return "date.serial" if _LOOKS_SERIAL.fullmatch(text) else None


def _serial(text: str) -> str:
    if _ISO.fullmatch(text):
        return text
    found = _SERIAL.fullmatch(text)
    if not found:
        raise CellFault("date.other_form")
    number = int(found[1])
    if number in (0, _PHANTOM):
        raise CellFault("date.no_such_day")
    return (_BEFORE_FIRST + timedelta(number - (number > _PHANTOM))).isoformat()


def _in_form(form: str) -> Callable[[str], str]:
    pattern = _compiled(form)

    def read(text: str) -> str:
        if _ISO.fullmatch(text):
            return text
        found = pattern.fullmatch(text)
        if not found:
            raise CellFault(_why(text) or "date.other_form")
        return _day(found.groupdict())

    return read


def _compiled(form: str) -> re.Pattern[str]:
    parts = _PART.findall(form)
    kinds = sorted(part[0] for part in parts if part.isalpha())
    if "".join(parts) != form or kinds != ["d", "m", "y"] or not _is_clear(parts):
        raise ValueError(form)
    return re.compile("".join(_PATTERN_OF.get(part, re.escape(part)) for part in parts), re.IGNORECASE)


def _is_clear(parts: list[str]) -> bool:
    """Whether each part plainly ends: `d` and `m`, of one digit or two, stand beside no other digits."""
    return not any(
        {one, two} & {"d", "m"} and one.isalpha() and two.isalpha() and "mmm" not in (one, two)
        for one, two in pairwise(parts)
    )


def _day(told: dict[str, str]) -> str:
    month = int(told["month"]) if "month" in told else _MONTH_OF.get(told["name"].lower())
    if month is None:
        raise CellFault("date.other_form")
    try:
        return date(int(told["year"]), month, int(told["day"])).isoformat()
    except ValueError:
        raise CellFault("date.no_such_day") from None
