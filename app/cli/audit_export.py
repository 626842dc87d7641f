"""`verwijsroute audit export`: gives the log of who looked at whom out, line by line."""

import getpass
import json
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from app.adapters.clock import AMSTERDAM
from app.cli.acting import id_of
from app.cli.days import AS_TYPED, day_of
from app.cli.session import with_resources
from app.errors import CannotStart
from app.resources import Resources
from app.services.access_export import WRITERS, read_log
from app.services.access_log import write_export


class Format(StrEnum):
    """In which form the log is given out."""

    LDV = "ldv"
    NEN7513 = "nen7513"


def export(
    form: Annotated[Format, typer.Option("--format", help="ldv: without the user; nen7513: with.")],
    *,
    first: Annotated[
        date | None, typer.Option("--from", parser=day_of, metavar=AS_TYPED, help="From this day on.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=day_of, metavar=AS_TYPED, help="Up to and with this day.")
    ] = None,
    organisation: Annotated[
        str | None,
        typer.Option(help="Of this organisation alone: the BRIN of a school, KIND:CODE, or its id."),
    ] = None,
    user: Annotated[str | None, typer.Option(help="Who asks; the login without it.")] = None,
) -> None:
    """Print the log, one JSON object a line, the oldest first. That it was given out stands in it too."""
    if first and last and first > last:
        raise CannotStart(f"--from {first} is after --to {last}")
    since = _start_of(first) if first else None
    until = _start_of(last + timedelta(days=1)) if last else None

    async def work(resources: Resources) -> None:
        source = resources.settings.webhook_source
        whose = await id_of(resources, organisation) if organisation else None
        async with resources.database.transaction() as connection:
            await write_export(connection, (user or getpass.getuser())[:64], resources.clock.now())
        async with resources.database.transaction() as connection:
            async for row in read_log(connection, since, until, whose):
                print(json.dumps(WRITERS[form](row, source), ensure_ascii=False, separators=(",", ":")))

    with_resources(work)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)
