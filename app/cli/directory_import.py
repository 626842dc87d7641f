"""`verwijsroute directory import`: all rows of a file as one new edition of the directory, or none."""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.adapters.csv_table import Table, read_csv
from app.adapters.tables import TableFault
from app.cli.directory_kinds import TYPES, KindName, template_of
from app.cli.session import DONE_WITH_FAULTS, read_input, with_resources
from app.errors import CannotStart
from app.resources import Resources
from app.schemas.directory_table import Read, RowFault, UnknownTable, read_directory_table, row_fault
from app.schemas.faults import fault
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
    faults = [*read.faults, *_overlaps(read, imported)]
    shown = _as_json if as_json else _as_text
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


def _overlaps(read: Read, imported: Imported | None) -> Iterable[RowFault]:
    found = fault("/validFrom", "overlap")
    return [row_fault(read.rows[id], found) for id in imported.overlapping] if imported else ()


def _as_text(read: Read, imported: Imported | None, faults: list[RowFault], *, dry_run: bool) -> str:
    if faults or imported is None:
        lines = [f"row {f.row}, column {f.column or '-'}: {f.detail} [{f.code}]" for f in faults]
        return "\n".join([*lines, f"{len(faults)} faults; nothing was imported."])
    counts = ", ".join(
        f"{len(getattr(imported, name))} {name}" for name in ("added", "changed", "ended", "unchanged")
    )
    names = [
        f"{sign} {id}"
        for sign, ids in (("+", imported.added), ("~", imported.changed), ("-", imported.ended))
        for id in ids
    ]
    result = "dry run: nothing was changed" if dry_run else f"edition {imported.edition}"
    return "\n".join([*names, f"{read.kind.name}: {counts}; {result}."])


def _as_json(read: Read, imported: Imported | None, faults: list[RowFault], *, dry_run: bool) -> str:
    done = asdict(imported) if imported and not faults else None
    told = {
        "kind": read.kind.name,
        "dryRun": dry_run,
        "imported": done,
        "faults": [asdict(f) for f in faults],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)
