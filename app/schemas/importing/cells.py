"""From the body of a request to the cells of a row: the way back, for templates and tables that we write."""

from collections.abc import Mapping
from typing import Any, Final

from app.schemas.columns import LIST_SEPARATOR
from app.schemas.importing.columns import COLUMNS, NULL, Column
from app.schemas.importing.together import UNTOLD
from app.schemas.importing.values import EMPTY, INNER_SEPARATOR, PAIR

_ABSENT: Final = object()


def cells_of(body: Mapping[str, Any]) -> list[str]:
    """The cells of `COLUMNS` that tell a body of `POST /v1/referrals`, as `Reader` reads them."""
    return [_cell(column, body) for column in COLUMNS]


def _cell(column: Column, body: Mapping[str, Any]) -> str:
    if column.among is None:
        return _text(column, _at(body, column.name))
    told, field = _at(body, column.among.path), column.name.removeprefix(f"{column.among.path}.")
    if not isinstance(told, list):
        return _text(column, told if told is None or told is _ABSENT else told.get(field, _ABSENT))
    if not told:
        return EMPTY
    parts = [_text(column, each.get(field, _ABSENT)) for each in told]
    return LIST_SEPARATOR.join(part or UNTOLD for part in parts)


def _at(body: Any, path: str) -> Any:
    for name in path.split("."):
        body = body.get(name, _ABSENT) if isinstance(body, Mapping) else _ABSENT
    return body


def _text(column: Column, value: Any) -> str:
    if value is _ABSENT or value is None:
        return "" if value is _ABSENT else NULL
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return LIST_SEPARATOR.join(f"{key}{PAIR}{each}" for key, each in value.items()) or EMPTY
    if isinstance(value, list):
        return (LIST_SEPARATOR if column.many == "list" else INNER_SEPARATOR).join(value) or EMPTY
    return str(value)
