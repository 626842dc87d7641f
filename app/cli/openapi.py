"""`verwijsroute openapi export`: the OpenAPI document of this program, or how the committed one differs."""

from pathlib import Path
from typing import Annotated

import typer
from uvicorn.importer import import_from_string

from app.cli.committed import print_or_compare

COMMITTED = Path("openapi.yaml")

application = typer.Typer(no_args_is_help=True, help="The OpenAPI document.")


@application.callback()
def _group() -> None:
    """The OpenAPI document."""


@application.command()
def export(
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Compare with openapi.yaml in this folder; exit code 1 where it differs."
        ),
    ] = False,
) -> None:
    """Print the OpenAPI document as YAML."""
    # Named as a string: a door imports no other door.
    print_or_compare(import_from_string("app.main:openapi_document")(), COMMITTED, check=check)
