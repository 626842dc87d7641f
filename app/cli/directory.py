"""`verwijsroute directory`: teams, schools and agreements as tables."""

import typer

from app.cli.directory_export import editions, export
from app.cli.directory_import import import_file

application = typer.Typer(no_args_is_help=True, help="Teams, schools and agreements.")
application.command("import")(import_file)
application.command()(export)
application.command()(editions)
