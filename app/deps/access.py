"""Who may call an endpoint, and the transaction that begins once it is known who does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.api_keys import parse_api_key
from app.db import Scope, Session
from app.deps.note import NOTE, held
from app.deps.trail import begin_trail, keep_trail
from app.errors import NotAllowed, NotAuthenticated
from app.services.clients import Client, authenticate

SESSION: Final = "verwijsroute.session"


async def _connection(request: Request) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction from the moment that the access rule knows for whom; before, in none."""
    async with held(request).database.session() as session:
        request.scope[SESSION] = session
        yield session.connection
        await keep_trail(request, session.connection)


# The scope `function` ends the transaction before the answer is sent: no 201 for what is not stored.
ConnectionDep = Annotated[AsyncConnection, Depends(_connection, scope="function")]


async def _key_text(request: Request) -> str:
    """The key of the header Authorization; what cannot be one never reaches the database."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or parse_api_key(text) is None:
        raise NotAuthenticated
    return text


@dataclass(frozen=True, slots=True)
class Access:
    """The access rule of an endpoint: a valid credential with one of the roles; no roles, any credential."""

    roles: tuple[str, ...]

    async def __call__(
        self, request: Request, key_text: Annotated[str, Depends(_key_text)], connection: ConnectionDep
    ) -> Client:
        """The client that calls; raises NotAuthenticated or NotAllowed."""
        client = await authenticate(connection, key_text, held(request).clock.now())
        note = request.scope[NOTE]
        note.organisation_id, note.newest_edition = str(client.organisation_id), client.newest_edition
        if self.roles and client.roles.isdisjoint(self.roles):
            raise NotAllowed
        session: Session = request.scope[SESSION]
        scope: Scope = "operator" if "operator" in client.roles else "organisation"
        await session.begin(scope, client.organisation_id)
        begin_trail(request, client, self.roles)
        return client


def requires(*roles: str) -> Access:
    """The declaration that an endpoint is for clients with one of these roles, or for any client."""
    return Access(roles)


async def public() -> None:
    """The declaration that an endpoint is for everybody."""


ReferrerDep = Annotated[Client, Depends(requires("referrer"))]
PartyDep = Annotated[Client, Depends(requires("referrer", "team", "desk"))]
HandlerDep = Annotated[Client, Depends(requires("referrer", "team", "desk", "operator"))]
StatisticsDep = Annotated[Client, Depends(requires("referrer", "desk", "auditor", "operator"))]
DirectoryAdminDep = Annotated[Client, Depends(requires("directory_admin"))]
