"""`verwijsroute directory import`: all rows of a file as one new edition of the directory, or none."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from app.adapters.csv_table import Table, read_csv
from app.adapters.tables import TableFault
from app.cli.directory_kinds import TYPES, KindName, template_of
from app.cli.directory_words import in_json, in_words, overlaps
from app.cli.session import DONE_WITH_FAULTS, read_input, with_resources
from app.errors import CannotStart
from app.resources import Resources
from app.schemas.directory_table import Read, UnknownTable, read_directory_table
from app.schemas.registering import Registering
from app.services.directory_import import Imported, import_things

Outcome = tuple[Read, Imported | None]


def import_file(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="CSV with teams, schools or agreements, or DUO's Adressen mbo; - reads standard input."
        ),
    ] = None,
    *,
    template: Annotated[
        KindName | None, typer.Option(help="Print a table with the columns and one example, and do nothing.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option(help="Check everything, say what would change, change nothing.")
    ] = False,
    end_missing: Annotated[
        bool, typer.Option(help="End (yesterday) those of the same kind that are not in the file.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Register all rows of a file as one new edition, or none where a row has a fault."""
    if template:
        print(template_of(template), end="")
        return
    if file is None:
        raise CannotStart("directory import needs a FILE, or --template teams, schools or agreements")
    table = open_table(file)
    try:
        read, imported = with_resources(_importing(table, end_missing=end_missing, dry_run=dry_run))
    except UnknownTable:
        raise CannotStart(f"{file}: its columns are those of no known table; see --template") from None
    faults = [*read.faults, *overlaps(read, imported)]
    shown = in_json if as_json else in_words
    print(shown(read, imported, faults, dry_run=dry_run))
    raise typer.Exit(DONE_WITH_FAULTS if faults else 0)


def _importing(
    table: Table, *, end_missing: bool, dry_run: bool
) -> Callable[[Resources], Awaitable[Outcome]]:
    async def work(resources: Resources) -> Outcome:
        async with resources.database.transaction() as connection:
            directory, reference = await resources.newest_edition(connection)
            today, now = resources.clock.today(), resources.clock.now()
            read = read_directory_table(table, Registering(reference, directory, today))
            if read.faults:
                return read, None
            return read, await import_things(
                connection,
                TYPES[read.kind.name],
                read.things,
                end_missing=end_missing,
                dry_run=dry_run,
                today=today,
                now=now,
            )

    return work


def open_table(file: Path) -> Table:
    """The table in a file; raises CannotStart. Says where it is not in UTF-8."""
    try:
        table = read_csv(read_input(file))
    except TableFault as found:
        raise CannotStart(f"{file}: {found}") from None
    if table.encoding != "UTF-8":
        typer.echo(f"{file}: read as {table.encoding}; check names with accents", err=True)
    return table
