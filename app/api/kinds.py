"""What the calls of teams, schools and agreements need to know of one kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Path

from app.api.pages import RegisteredPage
from app.reference import Reference
from app.routing import Directory
from app.routing.directory import Agreement, School, Team
from app.schemas.base import RecordId, Shape
from app.schemas.registering import Registering

IdPath = Annotated[RecordId, Path(description="Kenmerk, door de eigenaar gekozen.")]
T = TypeVar("T", Team, School, Agreement)


@dataclass(frozen=True, slots=True)
class Read:
    """What the filter of a list is read with."""

    directory: Directory
    reference: Reference
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[T]):
    """One kind of thing in the directory: its path, words for the documentation, shapes and filter.

    `wanted` turns the query of a list into the condition on each thing; `build` the body into the thing.
    """

    of: type[T]
    path: str
    one: str
    many: str
    name: str
    request: type[Shape]
    answered: type[Shape]
    listed: type[Shape]
    filter: type[RegisteredPage]
    wanted: Callable[[Any, Read], Callable[[T], bool]]
    build: Callable[[Registering, str, Any], T]
