"""The one statement that stores a new referral with all that belongs to it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.decision_json import compact_json
from app.adapters.identifiers import new_ids
from app.adapters.postgres import driver_of
from app.services.activities import PURPOSES, Activity
from app.services.clients import Client
from app.services.fingerprints import Fingerprints
from app.services.records import Records, Row
from app.services.trail import trail_of

ACTIVITY: Final[Activity] = "submit_referral"

# A key that is older than 72 hours is taken over; a younger one, or a source reference that is
# taken, leaves `stored` empty, and then nothing is written but perhaps the claim on the key.
# Receivers are organisations by their code, found here so that no round trip is spent on them.
STORE = """
WITH claim AS (
    INSERT INTO idempotency AS held (organisation_id, key_index, fingerprint, referral_id, created_at)
    SELECT $2, $3, $4, $1, $5 WHERE $3::bytea IS NOT NULL
    ON CONFLICT (organisation_id, key_index) DO UPDATE
       SET fingerprint = excluded.fingerprint, referral_id = excluded.referral_id,
           created_at = excluded.created_at
     WHERE held.created_at <= excluded.created_at - interval '72 hours'
    RETURNING referral_id
), stored AS (
    INSERT INTO referral (id, organisation_id, created_at, source_reference_index, content_fingerprint,
        status, decision_version, key_id, wrapped_key, identity, reason, reference_date, home_municipality,
        support_variant, student_number_index, subject_index)
    SELECT $1, $2, $5, $6, $7, $8, 1, $9, $10, $11, $12, $13, $14, $24, $25, $33
     WHERE $3::bytea IS NULL OR EXISTS (SELECT FROM claim)
    ON CONFLICT (organisation_id, source_reference_index) WHERE source_reference_index IS NOT NULL
    DO NOTHING
    RETURNING id
), decided AS (
    INSERT INTO decision (referral_id, version, organisation_id, created_at, outcome, rulebook_hash,
        directory_edition, read_for, receipt)
    SELECT id, 1, $2, $5, $15, $16, $17, $18, $19 FROM stored
), handed_over AS (
    INSERT INTO handover (id, referral_id, organisation_id, receiver_organisation_id, desk_organisation_id,
        decision_version, status, lead, version, team_id, team_kind, team_name, responsible_municipality,
        provisions, problem_domains, route_positions, flags, delivery_status, created_at, offered_at,
        deadlines, reassess_on, clock_on, person_index)
    SELECT h.id, stored.id, $2,
           (SELECT o.id FROM organisation o
             WHERE o.code = h.receiver AND o.kind <> 'operator' ORDER BY o.kind LIMIT 1),
           (SELECT o.id FROM organisation o
             WHERE o.code = h.desk AND o.kind <> 'operator' ORDER BY o.kind LIMIT 1),
           1, h.status, h.lead, h.version, h.team_id, h.team_kind, h.team_name,
           h.responsible_municipality, h.provisions, h.problem_domains, h.route_positions, h.flags,
           h.delivery_status, $5, h.offered_at, h.deadlines, h.reassess_on, h.clock_on,
           decode(h.person_index, 'hex')
      FROM stored, jsonb_to_recordset($20::jsonb) AS h (
           id uuid, receiver text, desk text, status text, lead bool, version int, team_id text,
           team_kind text, team_name text, responsible_municipality text, provisions text[],
           problem_domains text[], route_positions int[], flags text[], delivery_status text,
           offered_at timestamptz, deadlines jsonb, reassess_on date, clock_on date, person_index text)
    RETURNING id, receiver_organisation_id, desk_organisation_id, team_id
), advised AS (
    INSERT INTO advice (id, referral_id, organisation_id, decision_version, channel, kind, role,
        route_positions, due, status)
    SELECT a.id, stored.id, $2, 1, a.channel, a.kind, a.role, a.route_positions, a.due, a.status
      FROM stored, jsonb_to_recordset($21::jsonb) AS a (
           id uuid, channel text, kind text, role text, route_positions int[], due date, status text)
), logged AS (
    INSERT INTO access_log (id, organisation_id, referring_organisation_id, referral_id, credential_id, roles,
        acting_user, activity, purpose, request_id, trace_id, at)
    SELECT $26, $2, $2, id, $27, $28, $29, $30, $31, $22, $32, $5 FROM stored
), told AS (
    INSERT INTO event (id, organisation_id, receiver_organisation_id, desk_organisation_id, team_id,
        referral_id, handover_id, type, role, actor_organisation_id, correlation_id, at)
    SELECT e.id, $2, handed_over.receiver_organisation_id, handed_over.desk_organisation_id,
           handed_over.team_id, stored.id, e.handover_id, e.type, e.role,
           CASE WHEN e.role <> 'system' THEN $2 END, $22, $5
      FROM stored, jsonb_to_recordset($23::jsonb) AS e (id uuid, type text, role text, handover_id uuid)
      LEFT JOIN handed_over ON handed_over.id = e.handover_id
     ORDER BY e.id
)
SELECT EXISTS (SELECT FROM stored)
"""


async def store(
    connection: AsyncConnection,
    records: Records,
    prints: Fingerprints,
    *,
    client: Client,
    correlation_id: str | None,
    now: datetime,
) -> bool:
    """Whether the rows were stored: false where the key or the source reference was used before.

    A simultaneous request with the same key or reference is waited for. The caller commits.
    """
    referral, decision, trail = records.referral, records.decision, trail_of(client, ACTIVITY)
    driver = await driver_of(connection)
    stored = await driver.fetchval(
        STORE,
        *(referral["id"], client.organisation_id, prints.key, prints.request, now),
        *(prints.source_reference, prints.content, referral["status"], referral["key_id"]),
        *(referral["wrapped_key"], referral["identity"], referral["reason"]),
        *(referral["reference_date"], referral["home_municipality"]),
        *(decision["outcome"], decision["rulebook_hash"], decision["directory_edition"]),
        *(decision["read_for"], decision["receipt"]),
        *(
            _json(map(_in_json, records.handovers)),
            _json(records.advice),
            correlation_id,
            _json(records.events),
        ),
        *(referral["support_variant"], prints.student_number),
        *(new_ids(now, 1)[0], trail.credential_id, list(trail.roles), trail.acting_user),
        *(ACTIVITY, PURPOSES[ACTIVITY], trail.trace_id, prints.subject),
    )
    if stored:
        trail.written.add(referral["id"])
    return bool(stored)


def _in_json(handover: Row) -> Row:
    """JSON has no bytes: the index of the person in hexadecimal digits."""
    index = handover["person_index"]
    return {**handover, "person_index": index.hex() if index else None}


def _json(rows: Iterable[Row]) -> str:
    """Rows as JSON; moments, days and identifiers as PostgreSQL reads them."""
    return compact_json(list(rows)).decode()
