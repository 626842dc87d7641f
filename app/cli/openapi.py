"""`verwijsroute openapi export`: the OpenAPI document of this program, or how the committed one differs."""

import difflib
from pathlib import Path
from typing import Annotated

import typer
from uvicorn.importer import import_from_string

COMMITTED = Path("openapi.yaml")
DIFFERS = 1

application = typer.Typer(no_args_is_help=True, help="The OpenAPI document.")


@application.callback()
def _group() -> None:
    """The OpenAPI document."""


@application.command()
def export(
    *,
    check: Annotated[
        bool, typer.Option(help="Compare with openapi.yaml in this folder; exit code 1 where it differs.")
    ] = False,
) -> None:
    """Print the OpenAPI document as YAML."""
    # Named as a string: a door imports no other door.
    document: str = import_from_string("app.main:openapi_document")()
    if not check:
        print(document, end="")
        return
    committed = COMMITTED.read_text("utf-8") if COMMITTED.exists() else ""
    if committed != document:
        lines = committed.splitlines(), document.splitlines()
        print("\n".join(difflib.unified_diff(*lines, "openapi.yaml", "program", lineterm="")))
        raise typer.Exit(DIFFERS)
