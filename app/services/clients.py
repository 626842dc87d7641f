"""Organisations and what they are let in by: giving, replacing and taking back API keys and OAuth clients."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.api_keys import new_api_key, new_registration_id
from app.adapters.identifiers import new_ids
from app.errors import Conflict, NotFound
from app.models import Credential, Organisation
from app.services.authenticating import Client as Client, authenticate as authenticate
from app.services.connecting import RECEIVING, connect, disconnect_if_keyless
from app.services.directories import current_edition


async def create_organisation(
    connection: AsyncConnection, *, kind: str, code: str, name: str, now: datetime
) -> UUID:
    """The id of the organisation with this kind and code, which is made where it is missing.

    `code` is the BRIN of a school, the four digits of a municipality or the code of a region.
    An organisation that exists keeps its name. The caller has seen that the code is one of its kind.
    """
    values = {"id": new_ids(now, 1)[0], "kind": kind, "code": code, "name": name, "created_at": now}
    await connection.execute(postgresql.insert(Organisation).values(values).on_conflict_do_nothing())
    found = select(Organisation.id).where(Organisation.kind == kind, Organisation.code == code)
    return (await connection.execute(found)).scalar_one()


async def find_organisation(connection: AsyncConnection, kind: str, code: str) -> RowMapping | None:
    """The `id` and `name` of the organisation with this kind and code; None where there is none."""
    query = select(Organisation.id, Organisation.name)
    found = await connection.execute(query.where(Organisation.kind == kind, Organisation.code == code))
    return found.mappings().one_or_none()


async def client_of_service(
    connection: AsyncConnection, kind: str, code: str, roles: frozenset[str]
) -> Client:
    """An organisation for which whoever runs the service acts, with no credential; raises NotFound."""
    found = await find_organisation(connection, kind, code)
    if found is None:
        raise NotFound
    return Client(None, found["id"], kind, code, roles, None, await current_edition(connection))


async def create_client(
    connection: AsyncConnection,
    organisation_id: UUID,
    *,
    label: str,
    roles: frozenset[str],
    now: datetime,
    team_ids: frozenset[str] | None = None,
    quota: int | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Gives an organisation a key and returns its full text, which is stored nowhere.

    `quota` is in requests each window, where it differs from that of others. With a key for a team or desk
    the organisation is reached through the service from now on: that makes a new edition of the directory.
    """
    text, key = new_api_key()
    way = {"public_id": key.public_id, "secret_sha256": key.secret_sha256}
    rights = _rights(label, roles, team_ids, quota, expires_at)
    await _store(connection, organisation_id, now, {**way, **rights})
    return text


async def register_oauth_client(
    connection: AsyncConnection,
    organisation_id: UUID,
    *,
    issuer: str,
    client_id: str,
    label: str,
    roles: frozenset[str],
    now: datetime,
    team_ids: frozenset[str] | None = None,
    quota: int | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Lets the tokens of an OAuth client in for an organisation; returns the public id of the registration.

    Raises Conflict where that client is registered already.
    """
    public_id = new_registration_id()
    way = {"public_id": public_id, "issuer": issuer, "client_id": client_id}
    taken = select(Credential.id).where(
        Credential.issuer == issuer, Credential.client_id == client_id, Credential.revoked_at.is_(None)
    )
    if (await connection.execute(taken)).first():
        raise Conflict
    rights = _rights(label, roles, team_ids, quota, expires_at)
    await _store(connection, organisation_id, now, {**way, **rights})
    return public_id


def _rights(
    label: str,
    roles: frozenset[str],
    team_ids: frozenset[str] | None,
    quota: int | None,
    expires_at: datetime | None,
) -> dict[str, Any]:
    return {
        "label": label,
        "roles": sorted(roles),
        "team_ids": None if team_ids is None else sorted(team_ids),
        "quota": quota,
        "expires_at": expires_at,
    }


async def _store(
    connection: AsyncConnection, organisation_id: UUID, now: datetime, values: dict[str, Any]
) -> None:
    own = {"id": new_ids(now, 1)[0], "organisation_id": organisation_id, "created_at": now}
    await connection.execute(insert(Credential).values({**own, **values}))
    if RECEIVING.intersection(values["roles"]):
        await connect(connection, organisation_id, now)


async def list_clients(connection: AsyncConnection) -> list[RowMapping]:
    """All keys and OAuth clients with their organisations, and without anything of a secret.

    By kind and code of the organisation, and of each the oldest first.
    """
    columns = (
        Credential.public_id, Credential.issuer, Credential.client_id, Credential.label, Credential.roles,
        Credential.team_ids, Credential.quota, Credential.created_at, Credential.expires_at,
        Credential.revoked_at, Credential.last_used_on,
        Organisation.kind, Organisation.code, Organisation.name,
    )  # fmt: skip
    query = select(*columns).join(Organisation, Organisation.id == Credential.organisation_id)
    return list(
        (
            await connection.execute(query.order_by(Organisation.kind, Organisation.code, Credential.id))
        ).mappings()
    )


async def rotate_client(
    connection: AsyncConnection,
    public_id: str,
    *,
    now: datetime,
    both_work_for: timedelta,
    expires_at: datetime | None = None,
) -> str:
    """A new key with the same rights; the old one expires after a while, unless it does before.

    Raises NotFound for an unknown public id, for a key that no longer works, and for an OAuth client, whose
    keys are its issuer's.
    """
    query = select(Credential).where(
        Credential.public_id == public_id, Credential.revoked_at.is_(None), Credential.issuer.is_(None)
    )
    old = (await connection.execute(query.with_for_update())).mappings().one_or_none()
    if old is None or (old["expires_at"] and old["expires_at"] <= now):
        raise NotFound
    ends = now + both_work_for
    await connection.execute(
        update(Credential)
        .where(Credential.public_id == public_id)
        .values(expires_at=min(ends, old["expires_at"] or ends))
    )
    return await create_client(
        connection,
        old["organisation_id"],
        label=old["label"],
        roles=frozenset(old["roles"]),
        team_ids=None if old["team_ids"] is None else frozenset(old["team_ids"]),
        quota=old["quota"],
        now=now,
        expires_at=expires_at,
    )


async def revoke_client(connection: AsyncConnection, public_id: str, *, now: datetime) -> None:
    """Ends a key at once; once ended it stays so. Raises NotFound for an unknown public id.

    With its last key for a team or desk the organisation is no longer reached through the service.
    """
    ended = func.coalesce(Credential.revoked_at, now)
    query = update(Credential).where(Credential.public_id == public_id).values(revoked_at=ended)
    done = await connection.execute(query.returning(Credential.organisation_id, Credential.roles))
    row = done.mappings().one_or_none()
    if row is None:
        raise NotFound
    if RECEIVING.intersection(row["roles"]):
        await disconnect_if_keyless(connection, row["organisation_id"], now)
