"""Sets the demo up: its directory as the first edition, its organisations, and a key for each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import NotAuthenticated
from app.reference.demo import DemoDirectory
from app.services.clients import authenticate, create_client, create_organisation
from app.services.directories import current_content, replace_directory

ROLES_OF: Final[Mapping[str, frozenset[str]]] = {
    "school": frozenset({"referrer", "team"}),
    "municipality": frozenset({"team", "desk"}),
    "regional_body": frozenset({"team"}),
    "operator": frozenset({"operator", "directory_admin"}),
}


async def register_demo(connection: AsyncConnection, demo: DemoDirectory, now: datetime) -> int:
    """Makes the demo the newest edition of the directory; returns that edition."""
    return await replace_directory(
        connection,
        organisations=demo.organisations,
        teams=demo.teams,
        schools=demo.schools,
        agreements=demo.agreements,
        now=now,
    )


async def load_demo(
    connection: AsyncConnection, demo: DemoDirectory, keys: Mapping[str, str], now: datetime
) -> dict[str, str]:
    """Loads the demo into an empty directory, and gives its organisations keys that work.

    `keys` are those of an earlier start, by `kind code` as in `school 00ZZ`; those that still work
    stay. Returns all keys. A directory that already holds something is left as it is.
    """
    ids = {
        f"{organisation.kind} {organisation.code}": await create_organisation(
            connection, kind=organisation.kind, code=organisation.code, name=organisation.name, now=now
        )
        for organisation in demo.organisations
    }
    if not any((await current_content(connection)).values()):
        await register_demo(connection, demo, now)
    connected = {f"{o.kind} {o.code}" for o in demo.organisations if o.connected}
    return {
        name: await _working_key(connection, name, organisation_id, keys.get(name, ""), now)
        for name, organisation_id in ids.items()
        if name in connected
    }


async def _working_key(
    connection: AsyncConnection, name: str, organisation_id: UUID, key: str, now: datetime
) -> str:
    try:
        client = await authenticate(connection, key, now)
    except NotAuthenticated:
        client = None
    if client is not None and client.organisation_id == organisation_id:
        return key
    roles = ROLES_OF[name.split(maxsplit=1)[0]]
    return await create_client(connection, organisation_id, label="demo", roles=roles, now=now)
