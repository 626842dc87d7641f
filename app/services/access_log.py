"""Writes the access log: all rows of a request in one statement, in its transaction."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.identifiers import new_ids
from app.adapters.postgres import driver_of
from app.services.activities import PURPOSES
from app.services.trail import Trail

WRITE: Final = """
INSERT INTO access_log (id, referral_id, referring_organisation_id, handover_id, organisation_id,
    credential_id, roles, acting_user, activity, purpose, request_id, trace_id, at)
SELECT r.*, $5, $6, $7, $8, $9, $10, $11, $12, $13
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) AS r
"""
EXPORTED: Final = """
INSERT INTO access_log (id, organisation_id, roles, acting_user, activity, purpose, at)
VALUES ($1, $2, '{}', $3, 'export_access_log', 'accountability', $4)
"""
# What commands do is done by whoever runs the service, for no organisation.
SERVICE: Final = UUID(int=0)


async def write_trail(connection: AsyncConnection, trail: Trail, now: datetime) -> None:
    """One row for each record that the request concerned and that has none yet; the caller commits.

    Raises RuntimeError where an operation concerned somebody that the register says concerns nobody: what it
    would answer is not to leave without a record.
    """
    records = [record for id, record in trail.records.items() if id not in trail.written]
    if not records:
        return
    if trail.activity is None:
        raise RuntimeError("an operation of nobody's data has opened a record")
    await (await driver_of(connection)).execute(
        WRITE,
        new_ids(now, len(records)),
        [record.referral_id for record in records],
        [record.referring_organisation_id for record in records],
        [record.handover_id for record in records],
        *(trail.organisation_id, trail.credential_id, list(trail.roles), trail.acting_user),
        *(trail.activity, PURPOSES[trail.activity], trail.request_id, trail.trace_id, now),
    )
    trail.written.update(record.referral_id for record in records)


async def write_export(connection: AsyncConnection, user: str, now: datetime) -> None:
    """One row for a log that a command gives out: of the service itself, about nobody alone."""
    await (await driver_of(connection)).execute(EXPORTED, new_ids(now, 1)[0], SERVICE, user, now)
