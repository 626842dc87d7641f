"""`verwijsroute reference`: renews the reference data, shows what changes, and finds the way back."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.reference_files import read_files, renewed
from app.cli.reference_words import report_in_words
from app.cli.session import DONE_WITH_FAULTS, with_resources
from app.errors import CannotStart
from app.reference import Reference, open_reference
from app.resources import Resources
from app.routing.plain import to_plain
from app.services.directories import current_edition, reference_hash_of
from app.services.reference_import import Allowed, ReferenceChanged, Report, put_in_force, report_on
from app.services.references import find_reference, list_references

application = typer.Typer(no_args_is_help=True, help="Municipalities, regions, postcodes and open lists.")

CarryOver = Annotated[
    bool, typer.Option("--carry-over", help="In the directory, replace what ends by its single successor.")
]
Force = Annotated[bool, typer.Option("--force", help="Import although more changes than a year brings.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Report alone; store nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@application.command("import")
def import_files(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files of CBS, RvIG or `reference export`, CSV or ZIP.")
    ] = None,
    *,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="The reference that this release ships.")
    ] = False,
    dry_run: DryRun = False,
    carry_over: CarryOver = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Renew the reference from newer files, and report what changes."""
    if shipped == bool(files):
        raise typer.BadParameter("give files, or --shipped")
    sources = read_files(files or [], as_json=as_json)

    def wanted(base: Reference, today: date) -> Reference:
        return open_reference() if shipped else renewed(base, sources, today, as_json=as_json)

    allowed = Allowed(carry_over=carry_over, force=force, bring_back=shipped)
    _change(wanted, allowed, dry_run=dry_run, as_json=as_json)


@application.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """List the references that are kept, oldest first; the one in force has a star."""

    async def work(resources: Resources) -> list[dict[str, Any]]:
        async with resources.database.transaction() as connection:
            in_force = await reference_hash_of(connection, await current_edition(connection))
            rows = await list_references(connection)
        return [{**row, "in_force": row["hash"] == in_force} for row in rows]

    kept = with_resources(work)
    if as_json:
        print(json.dumps(kept, default=str, indent=2))
        return
    for row in kept:
        editions = f"editions {row['first_edition']} to {row['last_edition']}" if row["first_edition"] else ""
        star = "*" if row["in_force"] else " "
        since = f"{row['origin']:<8}  {row['stored_at']:%Y-%m-%d %H:%M}"
        print(f"{star} {row['hash']}  {since}  {editions}".rstrip())


@application.command()
def use(
    hash: Annotated[str, typer.Argument(help="Its hash, or enough of the beginning.")],
    *,
    dry_run: DryRun = False,
    carry_over: CarryOver = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Put a reference that is kept in force again: the way back."""
    wanted = with_resources(lambda resources: _kept(resources, hash))
    allowed = Allowed(carry_over=carry_over, force=force, bring_back=True)
    _change(lambda _base, _today: wanted, allowed, dry_run=dry_run, as_json=as_json)


@application.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write the tables into.")],
    *,
    hash: Annotated[str, typer.Option(help="Another reference than the one in force.")] = "",
) -> None:
    """Write the tables of the reference in force; each can be changed and imported again."""
    reference = with_resources(lambda resources: _kept(resources, hash))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in reference.files.items():
            (folder / f"{name}.csv").write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise CannotStart(f"{folder}: {error.strerror}") from None
    print(f"{reference.hash}: {len(reference.files)} tables")


async def _kept(resources: Resources, hash: str) -> Reference:
    """The reference whose hash begins so; the one in force for an empty text. Raises CannotStart."""
    async with resources.database.transaction() as connection:
        if not hash:
            return (await resources.newest_edition(connection)).reference
        named = hash if hash.startswith("sha256:") else f"sha256:{hash}"
        found = [row["hash"] for row in await list_references(connection) if row["hash"].startswith(named)]
        if len(found) != 1:
            raise CannotStart(f"{len(found)} references have a hash that begins so: see `reference list`")
        return await find_reference(connection, found[0])


def _change(
    wanted: Callable[[Reference, date], Reference], allowed: Allowed, *, dry_run: bool, as_json: bool
) -> None:
    """Reports what a reference changes, and puts it in force unless it is refused or a dry run."""

    async def work(resources: Resources) -> tuple[Report, int | None]:
        today, now = resources.clock.today(), resources.clock.now()
        async with resources.database.transaction() as connection:
            edition = await resources.newest_edition(connection)
        after = wanted(edition.reference, today)
        async with resources.database.transaction() as connection:
            report = await report_on(connection, edition, after, allowed, today)
            if dry_run or report.refused:
                return report, None
            return report, await put_in_force(connection, after, report, today=today, now=now)

    try:
        report, made = with_resources(work)
    except ReferenceChanged:
        print("The directory or its reference was changed meanwhile: run this again.", file=sys.stderr)
        raise typer.Exit(DONE_WITH_FAULTS) from None
    _show(report, made, as_json=as_json)


def _show(report: Report, made: int | None, *, as_json: bool) -> None:
    if as_json:
        directory = [{**to_plain(found), "carried": found.carried} for found in report.directory]
        counts, back = report.changes.counts(), [thing.id for thing in report.back]
        plain = {**to_plain(replace(report, back=())), "directory": directory, "back": back}
        plain |= {"counts": counts, "edition": made}
        print(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        print("\n".join(report_in_words(report, made)))
    if report.refused:
        raise typer.Exit(DONE_WITH_FAULTS)
