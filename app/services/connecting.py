"""Which organisations are reached through the service: those with a working key for a team or desk."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import Credential, DirectoryOrganisation, Organisation
from app.services.actors import OPERATOR, SYSTEM, Actor
from app.services.directories import lock_directory, set_connected
from app.services.directory_rows import ListedOrganisation

# Who has a key with one of these receives through the service; all others are advised outside it.
RECEIVING: Final = frozenset({"team", "desk"})


async def connect(connection: AsyncConnection, organisation_id: UUID, now: datetime) -> None:
    """The organisation is reached through the service from now on: makes an edition where it was not."""
    await _set_connected(connection, organisation_id, True, now, OPERATOR)


async def disconnect_if_keyless(connection: AsyncConnection, organisation_id: UUID, now: datetime) -> None:
    """Without a working key for a team or desk the organisation is no longer reached."""
    # Before the keys are read, so that a key given meanwhile is seen, or connects afterwards.
    await lock_directory(connection)
    organisation = select(Organisation.id).where(Organisation.id == organisation_id)
    if (await connection.execute(organisation.where(~_receives(now)))).first() is not None:
        await _set_connected(connection, organisation_id, False, now, OPERATOR)


async def disconnect_expired(connection: AsyncConnection, now: datetime) -> int:
    """Disconnects every organisation whose last key for a team or desk has ended. Returns how many.

    One that never had such a key was connected by whoever made the directory, and stays so.
    """
    had = exists().where(Credential.organisation_id == Organisation.id, _for_receiving())
    connected = and_(
        DirectoryOrganisation.kind == Organisation.kind,
        DirectoryOrganisation.code == Organisation.code,
        DirectoryOrganisation.edition_to.is_(None),
        DirectoryOrganisation.connected,
    )
    query = select(Organisation.id).join(DirectoryOrganisation, connected).where(had, ~_receives(now))
    if (await connection.execute(query.limit(1))).first() is None:
        return 0  # nearly always: no need to make others wait
    await lock_directory(connection)
    expired = list((await connection.execute(query)).scalars())
    for organisation_id in expired:
        await _set_connected(connection, organisation_id, False, now, SYSTEM)
    return len(expired)


def _for_receiving() -> ColumnElement[bool]:
    return Credential.roles.op("&&", is_comparison=True)(sorted(RECEIVING))


def _receives(now: datetime) -> ColumnElement[bool]:
    """Whether the organisation of the query has a working key for a team or desk."""
    return exists().where(
        Credential.organisation_id == Organisation.id,
        Credential.revoked_at.is_(None),
        or_(Credential.expires_at.is_(None), Credential.expires_at > now),
        _for_receiving(),
    )


async def _set_connected(
    connection: AsyncConnection, organisation_id: UUID, connected: bool, now: datetime, actor: Actor
) -> None:
    """Says in a new edition of the directory whether an organisation works with the service."""
    query = select(Organisation.kind, Organisation.code, Organisation.name)
    row = (await connection.execute(query.where(Organisation.id == organisation_id))).mappings().one()
    await set_connected(connection, ListedOrganisation(**row, connected=connected), now, actor)
