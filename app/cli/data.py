"""`verwijsroute data`: writes the page about what is kept, column by column."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.committed import print_or_compare
from app.cli.data_page import data_page

COMMITTED = Path("docs/data-kept.md")

application = typer.Typer(no_args_is_help=True, help="What is kept of whom.")


@application.callback()
def _group() -> None:
    """What is kept of whom."""


@application.command()
def document(
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Compare with docs/data-kept.md in this folder; exit code 1 where it differs."
        ),
    ] = False,
) -> None:
    """Print every column of every table as Markdown: its form, why, its erasure and export."""
    print_or_compare(data_page(), COMMITTED, check=check)
