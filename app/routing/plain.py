"""Values of the core to plain JSON-able values in camelCase, and facts back from them."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from app.routing.facts import ABSENT, Absent, Facts

_AS_IT_IS: Final = frozenset((str, bool, int, float))


@cache
def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@cache
def _plan(kind: type) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[str, ...]]:
    """How to read all fields of a dataclass at once, and what each is called."""
    names = [field.name for field in fields(kind)]
    # One name more keeps the answer a tuple for a class of one field.
    return attrgetter(*names, "__class__"), tuple(map(_camel, names))


def to_plain(value: Any) -> Any:
    """The value as dictionaries, lists, strings and numbers; absent facts are left out.

    Dates become `YYYY-MM-DD`, field names lowerCamelCase, keys of mappings stay as they are.
    """
    kind = type(value)
    if value is None or kind in _AS_IT_IS:
        return value
    if kind is tuple:
        return [to_plain(item) for item in value]
    if kind is date:
        return value.isoformat()
    if is_dataclass(kind):
        read, names = _plan(kind)
        told = zip(names, read(value), strict=False)
        return {name: to_plain(item) for name, item in told if item is not ABSENT}
    return {key: to_plain(item) for key, item in value.items()}


def facts_from(plain: Mapping[str, Any]) -> Facts:
    """The facts that `to_plain` turned into `plain`; raises KeyError or ValueError on anything else."""
    facts = _reader(Facts)(plain)
    assert isinstance(facts, Facts)
    return facts


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    """A function that reads a plain value into the type; the types are those of the facts alone."""
    if hint is date:
        return date.fromisoformat
    if is_dataclass(hint):
        return _dataclass_reader(hint)
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _union_reader(hint)
    if origin is tuple:
        item = _reader(get_args(hint)[0])
        return lambda plain: tuple(item(part) for part in plain)
    if origin is Mapping:
        return dict
    assert hint in (str, bool, int) or origin is Literal, hint
    return lambda plain: plain


def _union_reader(hint: Any) -> Callable[[Any], Any]:
    (kind,) = (arg for arg in get_args(hint) if arg not in (type(None), Absent))
    read = _reader(kind)
    return lambda plain: None if plain is None else read(plain)


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {_camel(name): (name, _reader(hint)) for name, hint in hints.items()}

    def read(plain: Mapping[str, Any]) -> Any:
        told = ((readers[key], item) for key, item in plain.items())
        return kind(**{name: reader(item) for (name, reader), item in told})

    return read
