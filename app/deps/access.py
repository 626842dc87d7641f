"""Who may call an endpoint, and the transaction that begins once it is known who does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import Scope, Session
from app.deps.credentials import CredentialDep, client_of
from app.deps.note import held
from app.deps.parameters import as_declared
from app.deps.trail import begin_trail, keep_trail
from app.errors import InsufficientScope, NotAllowed
from app.services.authenticating import Client
from app.services.relations import Relation
from app.services.trail import follow

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
    """The access rule of an endpoint: a valid credential with one of the roles; no roles, any credential.

    `relation` is what the client must have to do with what it asks for. The services read nothing else; here
    every endpoint says which it is, for documents and for the tests that hold it to that.
    """

    roles: tuple[str, ...]
    relation: Relation

    def check(self, client: Client) -> None:
        """Raises NotAllowed, or where a token with other scopes would do InsufficientScope."""
        if client.scopes is not None and client.scopes.isdisjoint(self.roles or client.scopes):
            raise InsufficientScope(self.roles)
        if client.roles.isdisjoint(self.roles or client.roles):
            raise NotAllowed(self.roles)


class InTransaction(Access):
    """The rule of an endpoint that does all of its work in one transaction, which begins here."""

    async def __call__(
        self, request: Request, credential: CredentialDep, connection: ConnectionDep
    ) -> Client:
        """The client that calls; raises NotAuthenticated, QuotaExceeded, NotAllowed, or as `as_declared`."""
        client = await client_of(request, credential, connection)
        self.check(client)
        await as_declared(request)
        session: Session = request.scope[SESSION]
        scope: Scope = "operator" if "operator" in client.roles else "organisation"
        await session.begin(scope, client.organisation_id)
        begin_trail(request, client, self.roles)
        return client


class _OnArrival(Access):
    """The rule of an endpoint that takes its time: no connection is held while its body arrives.

    Its transactions are its own. It opens no record of anybody, so nothing is followed.
    """

    async def __call__(self, request: Request, credential: CredentialDep) -> Client:
        """The client that calls; raises NotAuthenticated, QuotaExceeded, NotAllowed, or as `as_declared`."""
        async with held(request).database.session() as session:
            client = await client_of(request, credential, session.connection)
        self.check(client)
        await as_declared(request)
        begin_trail(request, client, self.roles)
        follow(None)
        return client


def requires(*roles: str, relation: Relation) -> InTransaction:
    """The declaration that an endpoint is for clients with one of these roles, or any, in this relation."""
    return InTransaction(roles, relation)


async def public() -> None:
    """The declaration that an endpoint is for everybody."""


_PARTIES: Final = ("referrer", "team", "desk")
ReferrerDep = Annotated[Client, Depends(requires("referrer", relation="own_referrals"))]
ImporterDep = Annotated[Client, Depends(requires("referrer", relation="own_imports"))]
UploaderDep = Annotated[Client, Depends(_OnArrival(("referrer",), "own_imports"))]
HandlerDep = Annotated[Client, Depends(requires(*_PARTIES, "operator", relation="own_handovers"))]
FeedDep = Annotated[Client, Depends(requires(*_PARTIES, "operator", relation="own_events"))]
SubscriberDep = Annotated[Client, Depends(requires(*_PARTIES, relation="own_subscriptions"))]
SubscriptionsDep = Annotated[Client, Depends(requires(*_PARTIES, "operator", relation="own_subscriptions"))]
ReporterDep = Annotated[Client, Depends(requires("referrer", "auditor", relation="own_looks"))]
StatisticsDep = Annotated[
    Client, Depends(requires("referrer", "desk", "auditor", "operator", relation="own_statistics"))
]
DirectoryAdminDep = Annotated[Client, Depends(requires("directory_admin", relation="owned_directory"))]
