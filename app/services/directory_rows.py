"""Teams, schools, agreements and organisations as rows of the directory's tables, and back."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, NamedTuple

from app.models import AgreementRow, DirectoryOrganisation, SchoolRow, TeamRow
from app.routing.decision import Contact
from app.routing.directory import NO_TERMS, Agreement, Coverage, School, Team, TeamTerms

Row = dict[str, Any]
TableOf = type[TeamRow] | type[SchoolRow] | type[AgreementRow] | type[DirectoryOrganisation]


class ListedOrganisation(NamedTuple):
    """An organisation of the directory; `connected` is whether it works with the service."""

    kind: str
    code: str
    name: str
    connected: bool


Thing = Team | School | Agreement | ListedOrganisation

TABLES: Mapping[type[Thing], TableOf] = {
    ListedOrganisation: DirectoryOrganisation,
    Team: TeamRow,
    School: SchoolRow,
    Agreement: AgreementRow,
}
KEYS: Mapping[type[Thing], tuple[str, ...]] = {
    ListedOrganisation: ("kind", "code"),
    Team: ("id",),
    School: ("id",),
    Agreement: ("id",),
}
_PARTS: Final[Mapping[type[Any], tuple[str, ...]]] = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (Team, School, Agreement, Coverage, Contact, TeamTerms)
}


def key_of(thing: Thing) -> tuple[str, ...]:
    """What identifies a thing among those of its kind."""
    return tuple(getattr(thing, name) for name in KEYS[type(thing)])


def to_row(thing: Thing) -> Row:
    """The columns of a thing, without the edition's."""
    if isinstance(thing, ListedOrganisation):
        return thing._asdict()
    return {name: _column(getattr(thing, name)) for name in _PARTS[type(thing)]}


def _column(value: Any) -> Any:
    """A list for a tuple, an object for what has parts. `asdict` copies every text, at six times the cost."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Coverage | Contact | TeamTerms):
        return {name: getattr(value, name) for name in _PARTS[type(value)]}
    return value


def from_row(kind: type[Thing], row: Mapping[Any, Any]) -> Thing:
    """The thing that `to_row` turned into a row; the edition's columns are left out."""
    values: Row = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in row.items()
        if name not in ("edition_from", "edition_to")
    }
    if kind is Team:
        coverage = {name: tuple(codes) for name, codes in values["coverage"].items()}
        values["coverage"] = Coverage(**coverage)
        values["contact"] = values["contact"] and Contact(**values["contact"])
        values["terms"] = TeamTerms(**values["terms"]) if values["terms"] else NO_TERMS
    return kind(**values)
