"""`verwijsroute access`: writes the page about who may do what, and what of it they see."""

from pathlib import Path
from typing import Annotated

import typer
from uvicorn.importer import import_from_string

from app.cli.access_page import access_page
from app.cli.committed import print_or_compare

COMMITTED = Path("docs/access.md")

application = typer.Typer(no_args_is_help=True, help="Who may do what.")


@application.callback()
def _group() -> None:
    """Who may do what."""


@application.command()
def document(
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Compare with docs/access.md in this folder; exit code 1 where it differs."
        ),
    ] = False,
) -> None:
    """Print the operations with their roles, relations and what is seen as Markdown."""
    # Named as a string: a door imports no other door.
    declared = import_from_string("app.main:declared_access")()
    print_or_compare(access_page(declared), COMMITTED, check=check)
