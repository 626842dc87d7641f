"""The kinds of tables that `verwijsroute directory` knows: an example of each, and what is registered."""

from typing import Final, Literal

from app.adapters.csv_table import write_csv
from app.routing import Directory
from app.routing.directory import Agreement, School, Team
from app.schemas.columns import cells_of
from app.schemas.directory_examples import EXAMPLES
from app.schemas.directory_table import KINDS
from app.services.registrations import registered, registered_resource

KindName = Literal["teams", "schools", "agreements"]
TYPES: Final[dict[str, type[Team] | type[School] | type[Agreement]]] = {
    "teams": Team,
    "schools": School,
    "agreements": Agreement,
}


def template_of(kind: KindName) -> str:
    """A table of this kind with its columns and one invented row."""
    columns = KINDS[kind].columns
    example = cells_of({"id": f"voorbeeld-{kind}", **EXAMPLES[kind]}, columns)
    return write_csv([column.name for column in columns], [example])


def table_of(kind: KindName, directory: Directory) -> str:
    """All of one kind in an edition, as a table that can be imported."""
    columns = KINDS[kind].columns
    things = registered(directory, TYPES[kind])
    rows = [cells_of(registered_resource(thing, directory.places), columns) for thing in things]
    return write_csv([column.name for column in columns], rows)
