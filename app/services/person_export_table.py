"""The export of a person as one long table: a row for each value, with where it stands and what it means."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.models.columns import kept_tables
from app.services.person_export import SECTIONS, wire_name
from app.services.resources import Plain

COLUMNS: Final = ("referral", "part", "item", "field", "value", "description")
Cell = str | int | float | bool


def export_rows(export: Plain) -> Iterator[tuple[Cell, ...]]:
    """The header and all values that are there; `field` is the path to it, `description` is in Dutch."""
    yield COLUMNS
    meanings = _meanings()
    for referral in export["referrals"]:
        for part, content in referral.items():
            items = content if isinstance(content, list) else [content]
            for number, (field, path, value) in _values(items):
                place = (referral["referral"]["id"], part, number, path)
                yield (*place, value, meanings[part, field])


def _values(items: list[Plain]) -> Iterator[tuple[int, tuple[str, str, Cell]]]:
    for number, item in enumerate(items, 1):
        for field, value in item.items():
            for path, leaf in _leaves(field, value):
                yield number, (field, path, leaf)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Cell]]:
    """The values within a value, each with the path to it: `identity.student.surname`, `flags.0`."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}", inner)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _leaves(f"{path}.{position}", inner)
    elif value is not None:
        yield path, value


def _meanings() -> dict[tuple[str, str], str]:
    tables = kept_tables()
    return {
        (section, wire_name(column)): meaning
        for table, section in SECTIONS.items()
        for column, meaning in tables[table].told.items()
    }
