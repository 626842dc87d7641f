"""The organisation that is to be let in: found, or made where its code is one of its kind."""

from uuid import UUID

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from app.cli.organisation_codes import require_code
from app.resources import Resources
from app.services.clients import create_organisation, find_organisation


async def found_or_made(
    resources: Resources, connection: AsyncConnection, *, kind: str, code: str, name: str
) -> UUID:
    """The id of the organisation with this kind and code; raises CannotStart for a code that is none.

    One that exists keeps its name, which is told where another was given.
    """
    found = await find_organisation(connection, kind, code)
    if found is None:
        reference = (await resources.newest_edition(connection)).reference
        require_code(kind, code, reference)
        return await create_organisation(
            connection, kind=kind, code=code, name=name, now=resources.clock.now()
        )
    if found["name"] != name:
        typer.echo(f"There is a {kind} {code} already, and it keeps its name: {found['name']}", err=True)
    id: UUID = found["id"]
    return id
