"""`verwijsroute rules`: proves the rules and writes their reference, beside `list` and `impact`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.committed import print_or_compare
from app.cli.counts import counted
from app.cli.rules_impact import impact
from app.cli.rules_list import list_rules
from app.cli.rules_page import rules_page
from app.cli.session import DONE_WITH_FAULTS
from app.resources import shipped_rulebook
from app.routing.check import check_rulebook, last_day_checked

COMMITTED = Path("docs/rules.md")

application = typer.Typer(no_args_is_help=True, help="The rules that decide.")
application.command()(impact)
application.command("list")(list_rules)


@application.callback()
def _group() -> None:
    """The rules that decide."""


@application.command()
def check() -> None:
    """Prove that the rules are complete and unambiguous; exit code 1 where they are not."""
    book = shipped_rulebook()
    stages = check_rulebook(book, last_day_checked(book))
    for stage in stages:
        print(
            f"{stage.name:<18} {stage.combinations:>9,} combinations  {counted(len(stage.faults), 'fault')}"
        )
        for fault in stage.faults:
            print(f"  {fault}")
    raise typer.Exit(DONE_WITH_FAULTS if any(stage.faults for stage in stages) else 0)


@application.command()
def document(
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Compare with docs/rules.md in this folder; exit code 1 where it differs."
        ),
    ] = False,
) -> None:
    """Print the reference of all rules as Markdown."""
    print_or_compare(rules_page(shipped_rulebook()), COMMITTED, check=check)
