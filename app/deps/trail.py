"""Follows whom a request concerns, and keeps that before the transaction ends and the answer goes out."""

import re
from typing import Final
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.deps.note import NOTE, held, operation_of
from app.services.access_log import write_trail
from app.services.activities import activity_of
from app.services.clients import Client
from app.services.trail import Trail, follow

ACTING_USER: Final = "Acting-User"
ACTING_USER_PATTERN: Final = r"^[!-~]([ -~]{0,62}[!-~])?$"
_ACTING_USER: Final = re.compile(ACTING_USER_PATTERN)
_OF_HANDOVER: Final = "/v1/handovers/{id}"


def begin_trail(request: Request, client: Client, roles: tuple[str, ...]) -> None:
    """From here on the request is followed; `roles` are those that the endpoint is for, none for any.

    Raises RequestValidationError for an Acting-User that is none, LookupError for an operation that is not
    in the register of activities.
    """
    note, operation = request.scope[NOTE], operation_of(request.scope)
    note.trail = Trail(
        organisation_id=client.organisation_id,
        credential_id=client.credential_id,
        roles=tuple(sorted(client.roles.intersection(roles) if roles else client.roles)),
        activity=activity_of(operation.name),
        acting_user=_acting_user(request),
        request_id=note.request_id,
        trace_id=note.trace_id,
        handover_id=_handover_id(request) if operation.path.startswith(_OF_HANDOVER) else None,
    )
    follow(note.trail)


async def keep_trail(request: Request, connection: AsyncConnection) -> None:
    """Writes the rows of the request; what fails here fails the request."""
    trail = request.scope[NOTE].trail
    if trail is not None:
        await write_trail(connection, trail, held(request).clock.now())
    follow(None)


def _acting_user(request: Request) -> str | None:
    """Who acts, as the client calls him; opaque, and named once."""
    named = request.headers.getlist(ACTING_USER)
    if not named:
        return None
    if len(named) > 1 or not _ACTING_USER.fullmatch(named[0]):
        raise RequestValidationError([{"type": "string_pattern_mismatch", "loc": ("header", ACTING_USER)}])
    return named[0]


def _handover_id(request: Request) -> UUID | None:
    """The handover in the address; what cannot be one is answered before anything is looked at."""
    try:
        return UUID(request.path_params["id"])
    except ValueError:
        return None
