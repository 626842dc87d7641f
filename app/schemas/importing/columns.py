"""The columns of a file of referrals: one for each field of a request, named by its path (CONTRACT 2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from types import NoneType
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import AfterValidator
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from app.schemas.base import MunicipalityText, Shape
from app.schemas.columns import bare
from app.schemas.request import ReferralRequest

Kind = Literal["text", "choice", "date", "whole", "boolean", "municipality"]
Many = Literal["one", "list", "map", "one_or_list"]
# A text that is one of none: what somebody established as none.
NULL: Final = "null"
_PLAIN: Final[dict[type, Kind]] = {str: "text", date: "date", int: "whole", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Among:
    """The object or list of objects that a column tells a part of."""

    path: str
    is_list: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, which is the path of the field with dots, and what a cell of it tells.

    `choices` are the values of an enumeration, `keys` those before the `=` of a map. `among` is set
    for parts of a list of objects, and of an object that may be null as a whole.
    """

    name: str
    kind: Kind
    many: Many
    among: Among | None
    choices: tuple[str, ...]
    keys: tuple[str, ...]
    required: bool
    description: str


def _columns(shape: type[Shape], before: str, among: Among | None, *, required: bool) -> Iterator[Column]:
    for field in shape.model_fields.values():
        name, about = f"{before}{field.alias}", bare(field.annotation)
        inner = _item(about)
        needed = required and field.is_required()
        if _is_shape(inner):
            within = _among(name, field, inner, is_list=inner is not about) or among
            yield from _columns(inner, f"{name}.", within, required=needed)
        else:
            yield _column(name, field, about, among, required=needed)


def _column(name: str, field: FieldInfo, about: Any, among: Among | None, *, required: bool) -> Column:
    *keys, one = (bare(arg) for arg in get_args(about)) if get_origin(about) in (list, dict) else (about,)
    many: Many = "map" if keys else "one" if one is about else "list"
    also = _list_beside(field.annotation)
    choices = (*(get_args(one) if get_origin(one) is Literal else ()), *get_args(also))
    is_place = MunicipalityText in _validators(field.annotation)
    return Column(
        name=name,
        kind="choice" if choices else "municipality" if is_place else _PLAIN[one],
        many="one_or_list" if also else many,
        among=among,
        choices=choices,
        keys=get_args(keys[0]) if keys else (),
        required=required,
        description=field.description or "",
    )


def _item(about: Any) -> Any:
    return bare(get_args(about)[0]) if get_origin(about) is list else about


def _is_shape(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Shape)


def _among(name: str, field: FieldInfo, shape: type[Shape], *, is_list: bool) -> Among | None:
    """A list, or an object that may be null and is not there without one of its fields."""
    may_be_null = NoneType in get_args(field.annotation)
    stands_alone = may_be_null and any(part.is_required() for part in shape.model_fields.values())
    return Among(name, is_list) if is_list or stands_alone else None


def _list_beside(annotation: Any) -> Any:
    """The items of a list that may be sent instead of one word; None where there is no such choice."""
    kinds = [bare(arg) for arg in get_args(annotation)] if get_origin(annotation) is not list else []
    lists = [kind for kind in kinds[1:] if get_origin(kind) is list]
    return bare(get_args(lists[0])[0]) if lists else None


def _validators(annotation: Any) -> set[Any]:
    """The functions that pydantic runs after an annotation's own type, at any depth."""
    if isinstance(annotation, TypeAliasType):
        return _validators(annotation.__value__)
    beside = annotation.__metadata__ if get_origin(annotation) is Annotated else ()
    found = {item.func for item in beside if isinstance(item, AfterValidator)}
    return found.union(*(_validators(arg) for arg in get_args(annotation) if arg not in beside))


COLUMNS: Final = tuple(_columns(ReferralRequest, "", None, required=True))
BY_NAME: Final = {column.name: column for column in COLUMNS}
