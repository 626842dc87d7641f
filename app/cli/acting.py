"""For whom a command acts: an organisation, named by the BRIN of a school or as KIND:CODE."""

from typing import Final

from app.cli.organisation_codes import require_code
from app.errors import CannotStart, NotFound
from app.resources import Resources
from app.services.clients import Client, client_of_service

KINDS: Final = ("school", "municipality", "regional_body")


async def acting_for(resources: Resources, organisation: str, role: str) -> Client:
    """Whoever runs the service, acting for an organisation in a role; raises CannotStart."""
    kind, colon, code = organisation.rpartition(":")
    kind = kind if colon else "school"
    if kind not in KINDS:
        raise CannotStart(f"--organisation is the BRIN of a school, or KIND:CODE with {', '.join(KINDS)}")
    async with resources.database.transaction() as connection:
        try:
            return await client_of_service(connection, kind, code, frozenset({role}))
        except NotFound:
            reference = (await resources.newest_edition(connection)).reference
    require_code(kind, code, reference)
    make = f"verwijsroute clients create {kind} {code} NAME --role {role}"
    raise CannotStart(f"there is no {kind} {code}; `{make}` makes it")
