"""`verwijsroute migrate`: brings the database to the schema of this release, as the owner of the tables."""

from typing import Annotated

import typer

from app import db
from app.config import load_settings

DONE_WITH_FAULTS = 1


def migrate(
    *,
    dry_run: Annotated[bool, typer.Option(help="Print the migrations that wait; change nothing.")] = False,
    check: Annotated[
        bool, typer.Option(help="Exit with 1 where the migrations and the models differ; change nothing.")
    ] = False,
) -> None:
    """Bring the database to the schema of this release."""
    settings = load_settings()
    if check:
        drift = db.find_drift(settings)
        print(drift or "The migrations and the models agree.")
        raise typer.Exit(DONE_WITH_FAULTS if drift else 0)
    pending = db.pending_revisions(settings)
    print("\n".join(pending) or "Nothing is pending.")
    if pending and not dry_run:
        db.migrate(settings)
