"""Organisations as commands name them: by the BRIN of a school, or as KIND:CODE."""

from typing import Final
from uuid import UUID

from app.cli.organisation_codes import require_code
from app.errors import CannotStart, NotFound
from app.resources import Resources
from app.services.clients import Client, client_of_service, find_organisation

REFERRING: Final = ("school", "municipality", "regional_body")
KINDS: Final = (*REFERRING, "operator")


async def acting_for(resources: Resources, organisation: str, role: str) -> Client:
    """Whoever runs the service, acting for an organisation in a role; raises CannotStart."""
    kind, code = _kind_and_code(organisation, REFERRING)
    async with resources.database.transaction() as connection:
        try:
            return await client_of_service(connection, kind, code, frozenset({role}))
        except NotFound:
            reference = (await resources.newest_edition(connection)).reference
    require_code(kind, code, reference)
    make = f"verwijsroute clients create {kind} {code} NAME --role {role}"
    raise CannotStart(f"there is no {kind} {code}; `{make}` makes it")


async def id_of(resources: Resources, organisation: str) -> UUID:
    """The id of an organisation that is named so, or by that id itself; raises CannotStart."""
    try:
        return UUID(organisation)
    except ValueError:
        kind, code = _kind_and_code(organisation, KINDS)
    async with resources.database.transaction() as connection:
        found = await find_organisation(connection, kind, code)
    if found is None:
        raise CannotStart(f"there is no {kind} {code}; `verwijsroute clients list` shows who has a key")
    id: UUID = found["id"]
    return id


def _kind_and_code(organisation: str, kinds: tuple[str, ...]) -> tuple[str, str]:
    kind, colon, code = organisation.rpartition(":")
    kind = kind if colon else "school"
    if kind not in kinds:
        raise CannotStart(f"--organisation is the BRIN of a school, or KIND:CODE with {', '.join(kinds)}")
    return kind, code
