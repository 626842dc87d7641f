"""Who calls: the client of a key or token, and what this request takes of its quota, in one statement."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.access_tokens import AccessToken
from app.adapters.api_keys import parse_api_key
from app.adapters.postgres import bare_driver_of
from app.errors import BadCredential
from app.services.quotas import Allowance, Quota, allowance_of

# Functions of the database: before it is known who calls, no row of a credential is seen (ADR 22).
_KNOWN: Final = """
SELECT c.id, c.public_id, c.roles, c.team_ids, o.id AS organisation_id, o.kind, o.code,
       coalesce(c.quota, $2::integer) AS quota, $3::float8 AS seconds,
       c.last_used_on IS DISTINCT FROM ($1::timestamptz AT TIME ZONE 'Europe/Amsterdam')::date AS first_today,
       (SELECT coalesce(max(edition), 0) FROM directory_edition) AS edition
  FROM {way} AS c JOIN organisation o ON o.id = c.organisation_id
 WHERE c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $1)
"""
# Taken of the client that was found, so that nobody empties the bucket of another. `full_at` is when the
# bucket is full again, by the clock of the database, which all replicas share: each request puts it off by
# window / quota, and is refused where it would come later than a window from now.
_TAKING: Final = """
WITH known AS ({known}), taken AS (
    INSERT INTO bucket AS b (credential_id, full_at)
    SELECT id, now() + seconds / quota * interval '1 second' FROM known WHERE quota > 0
        ON CONFLICT (credential_id) DO UPDATE
       SET full_at = greatest(b.full_at, now()) + (excluded.full_at - now())
     WHERE b.full_at + (excluded.full_at - now()) <= now() + $3::float8 * interval '1 second'
    RETURNING full_at
)
SELECT known.*, (SELECT full_at FROM taken) IS NOT NULL AS taken,
       extract(epoch FROM coalesce(
           (SELECT full_at FROM taken), (SELECT full_at FROM bucket WHERE credential_id = known.id)
       ) - now())::float8 AS backlog
  FROM known
"""


def _both(way: str) -> tuple[str, str]:
    """The statement that finds a client some way, without and with taking from its bucket."""
    known = _KNOWN.format(way=way)
    return known, _TAKING.format(known=known)


# By the hash of the secret alone: an unknown key and a wrong secret are the same look-up that finds nothing.
_BY_KEY: Final = _both("credential_by_secret($4)")
_BY_TOKEN: Final = _both("credential_by_client($4, $5)")
# Committed by itself and waiting for nobody: who comes second finds the row locked and leaves it.
_NOTE_USE: Final = "SELECT note_use($1, ($2::timestamptz AT TIME ZONE 'Europe/Amsterdam')::date)"
NO_QUOTA: Final = Quota(0, 1)
# Reading goes on where nothing can be written: on a full disk, on a standby. Nothing is counted then.
UNWRITABLE: Final = (asyncpg.InsufficientResourcesError, asyncpg.ReadOnlySQLTransactionError)


@dataclass(frozen=True, slots=True)
class Client:
    """Who calls: a credential, the organisation it acts for, and what it may do.

    No credential: whoever runs the service, by a command.
    `team_ids` are the teams that the role `team` is limited to; None means all of the organisation.
    `newest_edition` of the directory is read in the same message: nearly every call needs it.
    `allowance` is what it has left to ask, None without a limit. `scopes` are the roles that a token names,
    whether its client has them or not; None with a key.
    """

    credential_id: UUID | None
    organisation_id: UUID
    organisation_kind: str
    organisation_code: str
    roles: frozenset[str]
    team_ids: frozenset[str] | None
    newest_edition: int
    allowance: Allowance | None = None
    scopes: frozenset[str] | None = None


async def authenticate(
    connection: AsyncConnection, key_text: str, now: datetime, quota: Quota = NO_QUOTA
) -> Client:
    """The client of an API key; raises BadCredential, the same for every reason.

    With a quota one request of it is taken; `allowance.refused` says that none was left. The connection is
    in autocommit then, so that the bucket is not locked while the request goes on.
    """
    key = parse_api_key(key_text)
    row = await _find(connection, _BY_KEY, now, quota, key.secret_sha256) if key else None
    if key is None or row is None or row["public_id"] != key.public_id:
        raise BadCredential
    return await _client(connection, row, now, quota, None)


async def authenticate_token(
    connection: AsyncConnection, token: AccessToken, now: datetime, quota: Quota = NO_QUOTA
) -> Client:
    """The client that a token was issued to, with those of its roles that the token's scopes name.

    Its signature and claims were checked before. Raises BadCredential for an unknown client.
    """
    row = await _find(connection, _BY_TOKEN, now, quota, token.issuer, token.client_id)
    if row is None:
        raise BadCredential
    return await _client(connection, row, now, quota, token.roles)


async def _find(
    connection: AsyncConnection, both: tuple[str, str], now: datetime, quota: Quota, *way: str | bytes
) -> asyncpg.Record | None:
    driver = bare_driver_of(connection)
    arguments, (finding, taking) = (now, quota.requests, quota.seconds, *way), both
    if not quota.requests:
        return await driver.fetchrow(finding, *arguments)
    try:
        return await driver.fetchrow(taking, *arguments)
    except UNWRITABLE:
        return await driver.fetchrow(finding, *arguments)


async def _client(
    connection: AsyncConnection, row: Any, now: datetime, quota: Quota, scopes: frozenset[str] | None
) -> Client:
    if row["first_today"]:
        with suppress(*UNWRITABLE):
            await bare_driver_of(connection).execute(_NOTE_USE, row["id"], now)
    return Client(
        credential_id=row["id"],
        organisation_id=row["organisation_id"],
        organisation_kind=row["kind"],
        organisation_code=row["code"],
        roles=frozenset(row["roles"] if scopes is None else scopes.intersection(row["roles"])),
        team_ids=None if row["team_ids"] is None else frozenset(row["team_ids"]),
        newest_edition=row["edition"],
        allowance=_allowance(row, quota),
        scopes=scopes,
    )


def _allowance(row: Any, quota: Quota) -> Allowance | None:
    if not row["quota"] or "backlog" not in row:
        return None
    own, backlog = Quota(row["quota"], quota.seconds), row["backlog"]
    # A bucket that another request is just making is not seen yet by one that it left nothing for.
    return allowance_of(own, quota.seconds if backlog is None else backlog, refused=not row["taken"])
