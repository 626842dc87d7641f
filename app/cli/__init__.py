"""The `verwijsroute` command: exit code 0 done, 1 done with faults, 2 could not run."""

import sys
from typing import Any, Final

import typer
from typer.core import TyperGroup

from app.cli.later import Later
from app.errors import CannotStart

COULD_NOT_RUN = 2
COMMANDS: Final = (
    Later("serve", "app.cli.serve:serve", "Serve the API and the pages on HOST and PORT."),
    Later(
        "worker",
        "app.cli.worker:worker",
        "Do what runs beside requests; any number of workers may run at once.",
    ),
    Later("migrate", "app.cli.migrate:migrate", "Bring the database to the schema of this release."),
    Later("decide", "app.cli.decide:decide", "Decide on one request and explain it; nothing is stored."),
    Later(
        "demo",
        "app.cli.demo:demo",
        "Place the worked cases as real referrals, and print what happened to each.",
    ),
    Later(
        "import",
        "app.cli.importing:import_referrals",
        "Refer all students of a file; exit code 1 where rows are invalid or in conflict, 2 could not run.",
    ),
    Later("rules", "app.cli.rules:application", "The rules that decide."),
    Later("lifecycle", "app.cli.lifecycle:application", "The life of a handover."),
    Later("access", "app.cli.access:application", "Who may do what."),
    Later("clients", "app.cli.clients:application", "The API keys and OAuth clients of organisations."),
    Later("audit", "app.cli.audit:application", "The log of who looked at whom."),
    Later("directory", "app.cli.directory:application", "Teams, schools and agreements."),
    Later("reference", "app.cli.reference:application", "Municipalities, regions, postcodes and open lists."),
    Later("keys", "app.cli.keys:application", "The keys that wrap the data keys."),
    Later("data", "app.cli.data:application", "What is kept of whom."),
    Later("retention", "app.cli.retention:application", "How long records are kept."),
    Later("openapi", "app.cli.openapi:application", "The OpenAPI document."),
)


class _Commands(TyperGroup):
    """All commands, none loaded before it is typed."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**told | {"commands": {command.name: command for command in COMMANDS}})


application = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables would print what people sent.
    pretty_exceptions_enable=False,
)


@application.callback()
def verwijsroute() -> None:
    """Decides, explains and hands over referrals of MBO students."""


def main() -> None:
    """Runs one command; what keeps it from running is one message, not a traceback."""
    try:
        application()
    except CannotStart as error:
        print(f"verwijsroute: {error}", file=sys.stderr)
        sys.exit(COULD_NOT_RUN)
