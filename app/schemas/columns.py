"""The columns of a table for a shape on the wire: one for each field, named by its path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from typing_extensions import TypeAliasType

from app.schemas.base import Shape

LIST_SEPARATOR: Final = "|"
How = Literal["text", "list", "whole"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, which is the path of the field with dots, and how a cell is read."""

    name: str
    how: How


def columns_of(shape: type[Shape]) -> tuple[Column, ...]:
    """A column for each field of a shape, those of objects in it included, in their order."""
    return tuple(_columns(shape, ""))


def plain_of(cells: Mapping[str, str], columns: tuple[Column, ...]) -> dict[str, Any]:
    """The object that the cells of a row tell, as JSON would; an empty cell tells nothing.

    A list is separated by `|`. What is not the whole number that a column wants stays text, for the
    shape to refuse.
    """
    plain: dict[str, Any] = {}
    for column in columns:
        cell = cells.get(column.name, "")
        if cell:
            *objects, field = column.name.split(".")
            node = plain
            for name in objects:
                node = node.setdefault(name, {})
            node[field] = _value(cell, column.how)
    return plain


def cells_of(plain: Mapping[str, Any], columns: tuple[Column, ...]) -> list[str]:
    """The cells that tell this object: the other way round."""
    return [_cell(_at(plain, column.name)) for column in columns]


def column_at(pointer: str) -> str:
    """The column of a JSON pointer: `coverage.pc4` for `/coverage/pc4/0`."""
    return ".".join(step for step in pointer.split("/") if step and not step.isdigit())


def bare(annotation: Any) -> Any:
    """What an annotation is about: no alias, nothing beside the type; of several types the first."""
    if isinstance(annotation, TypeAliasType):
        return bare(annotation.__value__)
    if get_origin(annotation) in (Annotated, Union, UnionType):
        return bare(get_args(annotation)[0])
    return annotation


def _columns(shape: type[Shape], before: str) -> Iterator[Column]:
    for field in shape.model_fields.values():
        name, kind = f"{before}{field.alias}", _kind(field.annotation)
        if isinstance(kind, type) and issubclass(kind, Shape):
            yield from _columns(kind, f"{name}.")
        else:
            yield Column(name, "list" if kind is list else "whole" if kind is int else "text")


def _kind(annotation: Any) -> Any:
    """The type that decides how a cell is read."""
    about = bare(annotation)
    return get_origin(about) or about


def _value(cell: str, how: How) -> Any:
    if how == "list":
        return [part.strip() for part in cell.split(LIST_SEPARATOR)]
    # More digits than any field allows: left as text, so that nobody computes with them.
    return int(cell) if how == "whole" and cell.isascii() and cell.isdigit() and len(cell) < 10 else cell


def _at(plain: Any, path: str) -> Any:
    for name in path.split("."):
        plain = plain.get(name) if isinstance(plain, dict) else None
    return plain


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return LIST_SEPARATOR.join(map(_cell, value))
    if isinstance(value, dict):  # a municipality, which is answered as code and name
        return str(value["code"])
    return "" if value is None else str(value)
