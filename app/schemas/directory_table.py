"""From a table to teams, schools or agreements, with every fault by row and column; nothing is stored."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from app.adapters.csv_table import Row, Table
from app.errors import Fault, InvalidInput
from app.routing.directory import Agreement, School, Team
from app.schemas.columns import Column, column_at, columns_of, plain_of
from app.schemas.directory import AgreementRequest, SchoolRequest, TeamRequest
from app.schemas.directory_examples import EXAMPLES
from app.schemas.duo import is_duo_table, schools_of_duo
from app.schemas.faults import code_of, fault
from app.schemas.json_body import faults_of, names_citizen_number
from app.schemas.registering import Registering

Registered = Team | School | Agreement


@dataclass(frozen=True, slots=True)
class TableKind:
    """One kind of table: its name, the shape of its rows, and what a row becomes."""

    name: str
    shape: type[TeamRequest] | type[SchoolRequest] | type[AgreementRequest]
    build: Callable[[Registering, str, Any], Registered]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns; all but those of optional fields must be there."""
        return columns_of(self.shape)


KINDS: Final[Mapping[str, TableKind]] = {
    "teams": TableKind("teams", TeamRequest, Registering.team),
    "schools": TableKind("schools", SchoolRequest, Registering.school),
    "agreements": TableKind("agreements", AgreementRequest, Registering.agreement),
}
_NOT_KNOWN: Final = (
    "municipality.unknown",
    "municipality.ambiguous",
    "organisation.unknown",
    "region.unknown",
)
# The column that no other kind of table has.
_MARKS: Final = {"kind": "teams", "brin": "schools", "mandate": "agreements"}


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault in a table: the row (the header is 1), the column, a stable code and a sentence."""

    row: int
    column: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a table tells: its kind, the things with the row of each by id, and all faults."""

    kind: TableKind
    things: tuple[Registered, ...]
    rows: Mapping[str, int]
    faults: tuple[RowFault, ...]


class UnknownTable(ValueError):
    """The columns are those of no table that is known."""


def read_directory_table(table: Table, registering: Registering) -> Read:
    """The things of a table of ours, or of DUO's list of mbo institutions; raises UnknownTable."""
    if is_duo_table(table):
        table = schools_of_duo(table, registering)
    kind = _kind(table)
    faults = list(_header_faults(table, kind))
    rows: dict[str, int] = {}
    things: list[Registered] = []
    for row in table.rows if not faults else ():
        try:
            things.append(_thing(row, kind, registering, rows))
        except InvalidInput as invalid:
            faults += [row_fault(row.number, found) for found in invalid.faults]
    return Read(kind, tuple(things), rows, tuple(faults))


def row_fault(row: int, found: Fault) -> RowFault:
    """A fault in the shape of a row as one in the table."""
    return RowFault(row, column_at(found.location), found.code, found.detail)


def _kind(table: Table) -> TableKind:
    known = [name for column, name in _MARKS.items() if column in table.columns]
    if len(known) != 1:
        raise UnknownTable
    return KINDS[known[0]]


def _header_faults(table: Table, kind: TableKind) -> Iterator[RowFault]:
    """Columns that are not known, by their place: what somebody named them is not repeated."""
    known = {column.name for column in kind.columns}
    for place, name in enumerate(table.columns, 1):
        if names_citizen_number(name):
            yield row_fault(1, fault(f"/column {place}", "citizen_number_refused"))
        elif name not in known:
            yield row_fault(1, fault(f"/column {place}", "unknown_field"))


def _thing(row: Row, kind: TableKind, registering: Registering, rows: dict[str, int]) -> Registered:
    plain = plain_of(row.cells, kind.columns)
    try:
        shape: Any = kind.shape.model_validate(plain)
    except ValidationError as error:
        faults = faults_of(error, plain)
        raise InvalidInput(*faults, *_unknown_beside(faults, plain, kind, registering)) from None
    if shape.id is None:
        raise InvalidInput(fault("/id", code_of("missing")))
    if shape.id in rows:
        raise InvalidInput(fault("/id", "duplicate"))
    rows[shape.id] = row.number
    return kind.build(registering, shape.id, shape)


def _unknown_beside(
    faults: list[Fault], plain: dict[str, Any], kind: TableKind, registering: Registering
) -> list[Fault]:
    """What else of a row names nothing that is known: looked up with the example's values for its faults."""
    wrong = {found.location.split("/")[1] for found in faults}
    example = {name: value for name, value in EXAMPLES[kind.name].items() if name in wrong}
    try:
        kept = {name: value for name, value in plain.items() if name not in wrong}
        kind.build(registering, plain.get("id", ""), kind.shape.model_validate(kept | example))
    except (ValidationError, InvalidInput) as error:
        found = error.faults if isinstance(error, InvalidInput) else ()
        return [one for one in found if one.code in _NOT_KNOWN and one.location.split("/")[1] not in wrong]
    return []
