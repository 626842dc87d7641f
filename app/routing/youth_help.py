"""Earlier youth help to the doors of JW-06, for type 1 (JW-07) and for the types that have none."""

from collections.abc import Iterable
from datetime import date, timedelta

from app.routing.columns import BLOCKING, HIDDEN_BY_AGE, PRESUMED, TOLD
from app.routing.dates import birthday, half_year_after
from app.routing.facts import ABSENT, Absent, Facts, Stay, YouthHelp

# Worst door first; the best of several periods of help counts.
_DOORS = ("closed", "undecided", "needed_before_18", "decided")
_HIDDEN = "hidden"


def _without_help_and_stay(help_mark: str, stay_mark: str) -> dict[str, str]:
    return {
        "extension": (BLOCKING if help_mark == PRESUMED else TOLD) + "closed",
        "half_year": help_mark + "none",
        "help_mental_health": help_mark + "closed",
        "help_guidance": help_mark + "closed",
        "foster_care": stay_mark + "no",
    }


# By whether nothing was told of earlier help, and of a stay: the commonest cases, put together once.
_NOTHING = {
    (help_absent, stay_absent): _without_help_and_stay(
        PRESUMED if help_absent else TOLD, PRESUMED if stay_absent else TOLD
    )
    for help_absent in (False, True)
    for stay_absent in (False, True)
}


def youth_help_readings(facts: Facts, age: int | None, on: date) -> dict[str, str]:
    """The readings that earlier youth help gives on a day (JW-05, JW-06a to c, JW-07)."""
    told, stay = facts.circumstances.youth_help, facts.residence.stay
    if not isinstance(told, tuple) and not isinstance(stay, Stay):
        return _NOTHING[told is ABSENT, stay is ABSENT]
    earlier = told if isinstance(told, tuple) else ()
    eighteen = _eighteenth(facts.birth_date, age, on)
    mark = PRESUMED if told is ABSENT else TOLD
    pedagogical = tuple(item for item in earlier if item.type == "pedagogical")
    doors = [(_door(item, eighteen, on), _sure(item, eighteen, on)) for item in pedagogical]
    doors += _doors_of_stay(stay, eighteen)
    return {
        "extension": _extension(doors, silent=told is ABSENT),
        "half_year": mark + _half_year(pedagogical, eighteen, on),
        "help_mental_health": mark + _open(earlier, ("mental_health",), eighteen, on),
        "help_guidance": mark + _open(earlier, ("guidance", "personal_care"), eighteen, on),
        "foster_care": _foster_care(stay, eighteen),
    }


def half_year_ends(facts: Facts) -> date | None:
    """The last day of the latest half-year window of pedagogical help; None without one."""
    told = facts.circumstances.youth_help
    earlier = told if isinstance(told, tuple) else ()
    ended = (item.ended_on for item in earlier if item.type == "pedagogical")
    return max((half_year_after(day) for day in ended if isinstance(day, date)), default=None)


def _eighteenth(born: date | None, age: int | None, on: date) -> tuple[date, date]:
    """The first and last day on which the 18th birthday can lie."""
    if born is not None:
        return birthday(born, 18), birthday(born, 18)
    years = age if age is not None else 17
    return birthday(on, 17 - years) + timedelta(days=1), birthday(on, 18 - years)


def _before_18(day: date | None | Absent, eighteen: tuple[date, date]) -> bool | None:
    """Whether a day lies before the 18th birthday; not told is presumed so; None when hidden."""
    if not isinstance(day, date):
        return True
    if day < eighteen[0]:
        return True
    return False if day >= eighteen[1] else None


def _doors_of_stay(stay: Stay | None | Absent, eighteen: tuple[date, date]) -> list[tuple[str, bool]]:
    """The door of a stay in a foster or family home: it counts as running help when begun before 18."""
    if not isinstance(stay, Stay) or stay.kind not in ("foster_care", "family_home"):
        return []
    before = _before_18(stay.since, eighteen)
    if before is False:
        return []
    return [("undecided" if before else _HIDDEN, isinstance(stay.since, date))]


def _foster_care(stay: Stay | None | Absent, eighteen: tuple[date, date]) -> str:
    if not isinstance(stay, Stay):
        return (PRESUMED if stay is ABSENT else TOLD) + "no"
    before = _before_18(stay.since, eighteen)
    if stay.kind != "foster_care" or before is False:
        return TOLD + "no"
    if before is None:
        return HIDDEN_BY_AGE + "yes"
    return (TOLD if isinstance(stay.since, date) else PRESUMED) + "yes"


def _extension(doors: list[tuple[str, bool]], *, silent: bool) -> str:
    """The best door: for sure, presumed, or hidden by an age in years. Silence on help blocks."""
    opened = [(door, sure) for door, sure in doors if door in _DOORS[1:]]
    if opened:
        best = max((door for door, _ in opened), key=_DOORS.index)
        return (TOLD if any(sure for _, sure in opened) else PRESUMED) + best
    if any(door == _HIDDEN for door, _ in doors):
        return HIDDEN_BY_AGE + "undecided"
    if silent:
        return BLOCKING + "closed"
    return (TOLD if all(sure for _, sure in doors) else PRESUMED) + "closed"


def _sure(item: YouthHelp, eighteen: tuple[date, date], on: date) -> bool:
    """Whether the door of a period rests on nothing left untold (CONTRACT 2: presumed, and asked)."""
    door = _door(item, eighteen, on)
    if door == "needed_before_18":
        return True
    if door == "closed":
        return item.need_established_on is not ABSENT
    return item.started_on is not ABSENT and (item.ongoing is True or item.ended_on is not ABSENT)


def _open(earlier: Iterable[YouthHelp], types: tuple[str, ...], eighteen: tuple[date, date], on: date) -> str:
    doors = (_door(item, eighteen, on) for item in earlier if item.type in types)
    return "open" if any(door != "closed" for door in doors) else "closed"


def _door(item: YouthHelp, eighteen: tuple[date, date], on: date) -> str:
    """The door that one period of help opens on a day (JW-06a, b, c)."""
    needed = item.need_established_on
    if isinstance(needed, date):
        before = _before_18(needed, eighteen)
        if before is not False:
            return "needed_before_18" if before else _HIDDEN
        if item.started_on is ABSENT:
            return "closed"
    if item.started_on is None:
        return "closed"
    before = _before_18(item.started_on, eighteen)
    ended = item.ended_on
    lapsed = item.ongoing is not True and isinstance(ended, date) and on > half_year_after(ended)
    if before is False or lapsed:
        return "closed"
    if before is None:
        return _HIDDEN
    return "decided" if item.continuation_decided is True else "undecided"


def _half_year(earlier: tuple[YouthHelp, ...], eighteen: tuple[date, date], on: date) -> str:
    """JW-06c: whether the window after ended help that began before 18 is open or has lapsed."""
    before = (item for item in earlier if _before_18(item.started_on, eighteen) is not False)
    ended = [item.ended_on for item in before if isinstance(item.ended_on, date)]
    if not ended:
        return "none"
    return "open" if on <= half_year_after(max(ended)) else "lapsed"
