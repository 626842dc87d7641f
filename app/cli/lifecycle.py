"""`verwijsroute lifecycle`: writes the page about the life of a handover."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.committed import print_or_compare
from app.cli.lifecycle_page import lifecycle_page

COMMITTED = Path("docs/lifecycle.md")

application = typer.Typer(no_args_is_help=True, help="The life of a handover.")


@application.callback()
def _group() -> None:
    """The life of a handover."""


@application.command()
def document(
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Compare with docs/lifecycle.md in this folder; exit code 1 where it differs."
        ),
    ] = False,
) -> None:
    """Print the statuses, steps, reasons, flags and clocks of a handover as Markdown."""
    print_or_compare(lifecycle_page(), COMMITTED, check=check)
