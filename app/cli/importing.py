"""`verwijsroute import`: a file of referrals, row by row, stopped and gone on with as one likes."""

import getpass
from pathlib import Path
from typing import Annotated, Final

import typer

from app.cli.import_asked import Asked
from app.cli.import_file import run_file
from app.cli.import_words import summary_as_json, summary_in_words
from app.cli.session import DONE_WITH_FAULTS, with_resources
from app.errors import CannotStart
from app.schemas.importing import template as columns_and_examples

STOPPED: Final = 130  # as a shell says of what Ctrl-C ended
_BAD: Final = ("invalid", "conflict")


File = Annotated[
    Path | None,
    typer.Argument(help="CSV, NDJSON or XLSX with a referral in each row; - reads standard input."),
]
Whose = Annotated[
    str | None, typer.Option(help="Whose referrals they are: the BRIN of a school, or KIND:CODE.")
]
MappingFile = Annotated[
    Path | None, typer.Option(help="TOML that says which columns of the file are which of ours.")
]
Dry = Annotated[bool, typer.Option(help="Say of each row what would happen, and store no referral.")]
Folder = Annotated[Path | None, typer.Option(help="Folder for the results, where not beside the file.")]
Processes = Annotated[
    int | None, typer.Option(min=1, max=64, help="How many processes decide; one per processor.")
]
Template = Annotated[
    bool, typer.Option("--template", help="Print the columns with examples, and do nothing.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]


def import_referrals(
    file: File = None,
    *,
    organisation: Whose = None,
    mapping: MappingFile = None,
    dry_run: Dry = False,
    results: Folder = None,
    processes: Processes = None,
    template: Template = False,
    as_json: Json = False,
) -> None:
    """Refer all students of a file; exit code 1 where rows are invalid or in conflict, 2 could not run.

    Ctrl-C stops it after the rows under way, with 130. The same command goes on where it stopped; rows that
    are stored are never stored again.
    """
    if template:
        print(columns_and_examples(), end="")
        return
    if file is None or organisation is None:
        raise CannotStart("import needs a FILE and --organisation, or --template")
    asked = Asked(file, organisation, mapping, dry_run, results, processes, getpass.getuser())
    done = with_resources(lambda resources: run_file(resources, asked))
    import_ = done.import_
    if as_json:
        print(summary_as_json(import_, done.results))
    else:
        print(summary_in_words(import_, done.results, done.names))
    if import_.finished_at is None:
        typer.echo(f"{asked.name}: stopped; the same command goes on from here", err=True)
        raise typer.Exit(STOPPED)
    is_well = import_.status == "succeeded" and not any(map(import_.outcomes.get, _BAD))
    raise typer.Exit(0 if is_well else DONE_WITH_FAULTS)
