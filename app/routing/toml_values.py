"""Values of rule files: taken out one by one, checked against closed lists, named when wrong."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from app.routing.decision import Text

T = TypeVar("T")


def checked(value: T, holds: bool, reason: str) -> T:
    """The value where it holds; raises ValueError with the reason where it does not."""
    if not holds:
        raise ValueError(reason)
    return value


def one_of(raw: dict[str, Any], key: str, known: tuple[Any, ...], *default: Any) -> Any:
    """Takes out a value of a closed list."""
    value = raw.pop(key, *default)
    return checked(value, value in known, f"{key} {value!r} is not one of {', '.join(map(str, known))}")


def listed(raw: dict[str, Any], key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Takes out a list of values of a closed list; none where the key is missing."""
    values = tuple(raw.pop(key, ()))
    unknown = [value for value in values if value not in known]
    return checked(values, not unknown, f"{key} has the unknown {unknown[:1]}")


def day(raw: Mapping[str, Any], key: str) -> date:
    """A date that must be there."""
    value = raw[key]
    if type(value) is not date:
        raise ValueError(f"{key} is not a date")
    return value


def optional_day(raw: dict[str, Any], key: str) -> date | None:
    """Takes out a date that may be missing."""
    return day({key: raw.pop(key)}, key) if key in raw else None


def nothing_left(left: Mapping[str, Any]) -> None:
    """Raises ValueError for a key that nobody has taken out: a typing error would do nothing."""
    if left:
        raise ValueError(f"unknown key {next(iter(left))!r}")


def text_of(raw: Mapping[str, Any]) -> Text:
    """A text in both languages."""
    return checked(Text(**raw), all(isinstance(words, str) for words in raw.values()), "a text is no text")
