"""The `verwijsroute` command: exit code 0 done, 1 done with faults, 2 could not run."""

import sys

import typer

from app.cli import (
    access,
    audit,
    clients,
    data,
    directory,
    keys,
    lifecycle,
    openapi,
    reference,
    retention,
    rules,
)
from app.cli.decide import decide
from app.cli.demo import demo
from app.cli.importing import import_referrals
from app.cli.migrate import migrate
from app.cli.serve import serve
from app.cli.worker import worker
from app.errors import CannotStart

COULD_NOT_RUN = 2

application = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables would print what people sent.
    pretty_exceptions_enable=False,
    help="Decides, explains and hands over referrals of MBO students.",
)
application.command()(serve)
application.command()(worker)
application.command()(migrate)
application.command()(decide)
application.command()(demo)
application.command("import")(import_referrals)
application.add_typer(rules.application, name="rules")
application.add_typer(lifecycle.application, name="lifecycle")
application.add_typer(access.application, name="access")
application.add_typer(clients.application, name="clients")
application.add_typer(audit.application, name="audit")
application.add_typer(directory.application, name="directory")
application.add_typer(reference.application, name="reference")
application.add_typer(keys.application, name="keys")
application.add_typer(data.application, name="data")
application.add_typer(retention.application, name="retention")
application.add_typer(openapi.application, name="openapi")


def main() -> None:
    """Runs one command; what keeps it from running is one message, not a traceback."""
    try:
        application()
    except CannotStart as error:
        print(f"verwijsroute: {error}", file=sys.stderr)
        sys.exit(COULD_NOT_RUN)
