"""What endpoints may ask for: the connection, the client, the rulebook, the directory, the day, the keys."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.api_keys import parse_api_key
from app.adapters.clock import Clock
from app.adapters.encryption import Keyring
from app.errors import NotAllowed, NotAuthenticated
from app.reference import Reference
from app.resources import Resources
from app.routing import Directory, Rulebook
from app.services.clients import Client, authenticate
from app.services.deciding import Deciding
from app.services.references import Edition

NOTE: Final = "verwijsroute.note"
# In the state that the server gives with each request, from the moment it is told to stop.
LEAVING: Final = "leaving"


@dataclass(slots=True)
class RequestNote:
    """What is known of a request: what its log line and events may say, and the newest edition read."""

    request_id: str
    trace_id: str | None = None
    parent_id: str | None = None
    organisation_id: str | None = None
    newest_edition: int | None = None
    edition: Edition | None = None


# Each takes the request itself rather than one another: every step between costs more than it does.


def _held(request: Request) -> Resources:
    held = request.app.state.resources
    assert isinstance(held, Resources)
    return held


async def _resources(request: Request) -> Resources:
    return _held(request)


async def _note(request: Request) -> RequestNote:
    note = request.scope[NOTE]
    assert isinstance(note, RequestNote)
    return note


async def _connection(request: Request) -> AsyncIterator[AsyncConnection]:
    async with _held(request).database.transaction() as connection:
        yield connection


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
        client = await authenticate(connection, key_text, _held(request).clock.now())
        note = request.scope[NOTE]
        note.organisation_id, note.newest_edition = str(client.organisation_id), client.newest_edition
        if self.roles and client.roles.isdisjoint(self.roles):
            raise NotAllowed
        return client


def requires(*roles: str) -> Access:
    """The declaration that an endpoint is for clients with one of these roles, or for any client."""
    return Access(roles)


async def public() -> None:
    """The declaration that an endpoint is for everybody."""


async def _edition(request: Request, connection: AsyncConnection) -> Edition:
    """The newest edition, by the number that came with the client where there is one.

    Read once for a request: its directory and its reference belong together.
    """
    note = request.scope[NOTE]
    if note.edition is None:
        note.edition = await _held(request).newest_edition(connection, note.newest_edition)
    edition: Edition = note.edition
    return edition


async def _directory(request: Request, connection: ConnectionDep) -> Directory:
    return (await _edition(request, connection)).directory


async def _rulebook(request: Request) -> Rulebook:
    return _held(request).rulebook


async def _reference(request: Request, connection: ConnectionDep) -> Reference:
    return (await _edition(request, connection)).reference


async def _open_reference(request: Request) -> Reference:
    return await _held(request).reference_lately()


async def _keyring(request: Request) -> Keyring:
    return _held(request).keyring


async def _clock(request: Request) -> Clock:
    return _held(request).clock


async def _today(request: Request) -> date:
    return _held(request).clock.today()


async def _deciding(request: Request, connection: ConnectionDep) -> Deciding:
    held, (directory, reference) = _held(request), await _edition(request, connection)
    return Deciding(held.rulebook, directory, reference, held.keyring, held.clock.today(), held.clock.now())


ResourcesDep = Annotated[Resources, Depends(_resources)]
NoteDep = Annotated[RequestNote, Depends(_note)]
ReferrerDep = Annotated[Client, Depends(requires("referrer"))]
PartyDep = Annotated[Client, Depends(requires("referrer", "team", "desk"))]
HandlerDep = Annotated[Client, Depends(requires("referrer", "team", "desk", "operator"))]
StatisticsDep = Annotated[Client, Depends(requires("referrer", "desk", "auditor", "operator"))]
DirectoryAdminDep = Annotated[Client, Depends(requires("directory_admin"))]
DirectoryDep = Annotated[Directory, Depends(_directory)]
RulebookDep = Annotated[Rulebook, Depends(_rulebook)]
ReferenceDep = Annotated[Reference, Depends(_reference)]
OpenReferenceDep = Annotated[Reference, Depends(_open_reference)]
KeyringDep = Annotated[Keyring, Depends(_keyring)]
ClockDep = Annotated[Clock, Depends(_clock)]
DecidingDep = Annotated[Deciding, Depends(_deciding)]
TodayDep = Annotated[date, Depends(_today)]
