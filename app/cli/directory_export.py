"""`verwijsroute directory export` and `editions`: the directory as tables, now and as it was."""

import json
from typing import Annotated, Any

import typer

from app.cli.counts import counted
from app.cli.directory_kinds import TYPES, KindName, table_of
from app.cli.session import with_resources
from app.errors import CannotStart, NotFound
from app.resources import Resources
from app.routing import Directory
from app.services.directories import list_editions
from app.services.references import find_edition


def export(
    kind: Annotated[KindName, typer.Argument(help="What to export.")],
    *,
    edition: Annotated[int | None, typer.Option(help="An earlier edition; default the newest.")] = None,
) -> None:
    """Print all of one kind as CSV, to be edited and imported again."""

    async def work(resources: Resources) -> Directory:
        async with resources.database.transaction() as connection:
            if edition is None:
                return await resources.newest_directory(connection)
            return (await find_edition(connection, edition)).directory

    try:
        directory = with_resources(work)
    except NotFound:
        raise CannotStart("there is no such edition: `verwijsroute directory editions` lists them") from None
    print(table_of(kind, directory), end="")


def editions(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the editions of the directory, newest first: when each was made, and of how much."""

    async def work(resources: Resources) -> list[dict[str, Any]]:
        async with resources.database.transaction() as connection:
            return await list_editions(connection)

    listed = with_resources(work)
    if as_json:
        print(json.dumps(listed, default=str, indent=2))
        return
    for one in listed:
        made = one["made_at"].isoformat(timespec="seconds")
        counts = ", ".join(counted(one[kind], kind.removesuffix("s")) for kind in TYPES)
        print(f"{one['edition']:>6}  {made}  {counts}")
