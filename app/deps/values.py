"""What endpoints may ask for besides who calls: the rulebook, the directory, the day, the keys."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.clock import Clock
from app.adapters.encryption import Keyring
from app.deps.access import ConnectionDep
from app.deps.note import NOTE, RequestNote, held
from app.reference import Reference
from app.resources import Resources
from app.routing import Directory, Rulebook
from app.services.deciding import Deciding
from app.services.references import Edition

# Each takes the request itself rather than one another: every step between costs more than it does.


async def _resources(request: Request) -> Resources:
    return held(request)


async def _note(request: Request) -> RequestNote:
    note = request.scope[NOTE]
    assert isinstance(note, RequestNote)
    return note


async def _edition(request: Request, connection: AsyncConnection) -> Edition:
    """The newest edition, by the number that came with the client where there is one.

    Read once for a request: its directory and its reference belong together.
    """
    note = request.scope[NOTE]
    if note.edition is None:
        note.edition = await held(request).newest_edition(connection, note.newest_edition)
    edition: Edition = note.edition
    return edition


async def _directory(request: Request, connection: ConnectionDep) -> Directory:
    return (await _edition(request, connection)).directory


async def _rulebook(request: Request) -> Rulebook:
    return held(request).rulebook


async def _reference(request: Request, connection: ConnectionDep) -> Reference:
    return (await _edition(request, connection)).reference


async def _open_reference(request: Request) -> Reference:
    return await held(request).reference_lately()


async def _keyring(request: Request) -> Keyring:
    return held(request).keyring


async def _clock(request: Request) -> Clock:
    return held(request).clock


async def _today(request: Request) -> date:
    return held(request).clock.today()


async def _deciding(request: Request, connection: ConnectionDep) -> Deciding:
    return held(request).deciding(await _edition(request, connection))


ResourcesDep = Annotated[Resources, Depends(_resources)]
NoteDep = Annotated[RequestNote, Depends(_note)]
DirectoryDep = Annotated[Directory, Depends(_directory)]
RulebookDep = Annotated[Rulebook, Depends(_rulebook)]
ReferenceDep = Annotated[Reference, Depends(_reference)]
OpenReferenceDep = Annotated[Reference, Depends(_open_reference)]
KeyringDep = Annotated[Keyring, Depends(_keyring)]
ClockDep = Annotated[Clock, Depends(_clock)]
DecidingDep = Annotated[Deciding, Depends(_deciding)]
TodayDep = Annotated[date, Depends(_today)]
