"""Who may call an endpoint, and the transaction that begins once it is known who does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import Scope, Session
from app.deps.credentials import CredentialDep, client_of
from app.deps.note import held
from app.deps.trail import begin_trail, keep_trail
from app.errors import InsufficientScope, NotAllowed
from app.services.authenticating import Client

SESSION: Final = "verwijsroute.session"


async def _connection(request: Request) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction from the moment that the access rule knows for whom; before, in none."""
    async with held(request).database.session() as session:
        request.scope[SESSION] = session
        yield session.connection
        await keep_trail(request, session.connection)


# The scope `function` ends the transaction before the answer is sent: no 201 for what is not stored.
ConnectionDep = Annotated[AsyncConnection, Depends(_connection, scope="function")]


@dataclass(frozen=True, slots=True)
class Access:
    """The access rule of an endpoint: a valid credential with one of the roles; no roles, any credential."""

    roles: tuple[str, ...]

    async def __call__(
        self, request: Request, credential: CredentialDep, connection: ConnectionDep
    ) -> Client:
        """The client that calls; raises NotAuthenticated, QuotaExceeded or NotAllowed."""
        client = await client_of(request, credential, connection)
        self._check(client)
        session: Session = request.scope[SESSION]
        scope: Scope = "operator" if "operator" in client.roles else "organisation"
        await session.begin(scope, client.organisation_id)
        begin_trail(request, client, self.roles)
        return client

    def _check(self, client: Client) -> None:
        """Raises NotAllowed, or where a token with other scopes would do InsufficientScope."""
        if client.scopes is not None and client.scopes.isdisjoint(self.roles or client.scopes):
            raise InsufficientScope(self.roles)
        if client.roles.isdisjoint(self.roles or client.roles):
            raise NotAllowed


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
