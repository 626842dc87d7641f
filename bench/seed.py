"""Years of referrals and handovers, made by SQL: the spread is realistic, what is sealed is a stub."""

from typing import Final

import asyncpg

# A number's chance depends on the number and the purpose alone: every run gives the same rows.
_OPEN: Final = """
CREATE SCHEMA seed;
SET search_path = public, seed;
SET session_replication_role = replica;

CREATE FUNCTION seed.chance(number bigint, purpose bigint) RETURNS float8 IMMUTABLE LANGUAGE sql AS
$$ SELECT (hashint8extended(number, purpose) & 1048575) / 1048576.0 $$;

CREATE FUNCTION seed.pick(chance float8, choices text[], upto float8[]) RETURNS text IMMUTABLE LANGUAGE sql
AS $$ SELECT choices[1 + width_bucket(chance, upto)] $$;

CREATE FUNCTION seed.id_at(moment timestamptz, number bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7'
           || substr(md5(number::text), 1, 3) || 'a' || substr(md5(number::text), 4, 15))::uuid $$;

INSERT INTO organisation (id, kind, code, name, created_at)
SELECT md5(kind || number)::uuid, kind, lpad(number::text, 4, '0'), kind || ' ' || number, '2023-01-01'
  FROM (VALUES ('school', 60), ('municipality', 342), ('regional_body', 26)) AS kinds (kind, count),
       generate_series(0, count - 1) AS number;
"""

# Half of all students are at ten of the sixty colleges, and live around theirs.
_REFERRALS: Final = """
CREATE TABLE seed.sent AS
SELECT number, id_at(created_at, number) AS id, created_at, school,
       CASE WHEN chance(number, 2) < 0.7 THEN (school * 5 + floor(6 * chance(number, 3) ^ 2)::int) % 342
            ELSE floor(342 * chance(number, 3) ^ 2)::int END AS home
  FROM (SELECT number, floor(60 * chance(number, 1) ^ 2)::int AS school,
               timestamptz '2026-11-20 12:00Z' - interval '3 years' * (1 - number / {count}.0) AS created_at
          FROM generate_series(1, {count}) AS number) AS numbered;

INSERT INTO referral (id, organisation_id, status, created_at, decision_version, source_reference_index,
       content_fingerprint, key_id, wrapped_key, identity, reason, reference_date, home_municipality)
SELECT id, md5('school' || school)::uuid,
       CASE WHEN number < 0.92 * {count}
            THEN pick(chance(number, 4), '{{closed,withdrawn,open}}', '{{.9,.98}}')
            ELSE pick(chance(number, 4), '{{open,needs_information,closed}}', '{{.7,.85}}') END,
       created_at, 1, sha256(number::text::bytea), sha256(number::text::bytea), 'stub',
       repeat('k', 60)::bytea, repeat('i', 280)::bytea, repeat('r', 120)::bytea, created_at::date,
       lpad(home::text, 4, '0')
  FROM seed.sent ORDER BY number;
"""

# Ten handovers to seven referrals: nine of ten to the student's own municipality, else to the core
# municipality's on-site team or a region. Large municipalities have up to twenty teams; a sixth waits at
# a desk. What is old has ended; what is flagged for review stays so.
_HANDOVERS: Final = """
CREATE TABLE seed.made AS
SELECT made.number, id_at(created_at + interval '1 ms', -made.number) AS id, sent.id AS referral_id,
       created_at, school, home, made.number < 0.92 * {count} AS old,
       pick(chance(made.number, 5), '{{municipality,core,regional_body}}', '{{.9,.96}}') AS receiver,
       floor((1 + 20 * (1 - home / 342.0) ^ 4) * chance(made.number, 6) ^ 2)::int AS team
  FROM generate_series(1, {count}) AS made (number)
  JOIN seed.sent ON sent.number = 1 + (made.number - 1) * 7 / 10;

INSERT INTO handover (id, referral_id, organisation_id, receiver_organisation_id, desk_organisation_id,
       decision_version, status,
       lead, version, team_id, team_kind, team_name, responsible_municipality, provisions, route_positions,
       flags, delivery_status, created_at, offered_at, deadlines)
SELECT id, referral_id, md5('school' || school)::uuid,
       CASE receiver WHEN 'municipality' THEN md5('municipality' || home)::uuid
                     WHEN 'core' THEN md5('municipality' || school * 5)::uuid
                     ELSE md5('regional_body' || home % 26)::uuid END,
       md5('municipality' || home)::uuid, 1,
       CASE WHEN old THEN pick(chance(number, 7),
                '{{completed,stopped,redirected,withdrawn,rejected,in_progress,on_hold,entered_in_error}}',
                '{{.6,.72,.81,.89,.95,.99,.995}}')
            ELSE pick(chance(number, 7),
                '{{in_progress,offered,accepted,acknowledged,needs_consent,needs_information,needs_triage,on_hold}}',
                '{{.3,.55,.7,.8,.87,.92,.97}}') END,
       true, 1, team_id, CASE WHEN team_id IS NOT NULL THEN receiver || '_team' END, team_id,
       CASE WHEN chance(number, 8) < 0.98 THEN lpad(home::text, 4, '0') END,
       '{{jw}}', '{{0}}',
       CASE WHEN chance(number, 9) < 0.15 THEN ARRAY['review'] ELSE '{{}}' END
       || CASE WHEN NOT old AND chance(number, 10) < 0.1 THEN ARRAY['overdue'] ELSE '{{}}' END
       || CASE WHEN NOT old AND chance(number, 10) < 0.02 THEN ARRAY['escalated'] ELSE '{{}}' END
       || CASE WHEN NOT old AND chance(number, 11) < 0.01 THEN ARRAY['transfer_pending'] ELSE '{{}}' END
       || CASE WHEN chance(number, 12) < 0.01 THEN ARRAY['reassessment_due'] ELSE '{{}}' END
       || CASE WHEN chance(number, 13) < 0.0003 THEN ARRAY['disputed'] ELSE '{{}}' END,
       'none', created_at, created_at, '[]'
  FROM (SELECT *, CASE WHEN chance(number, 14) < 0.83 THEN CASE receiver
                       WHEN 'municipality' THEN 'team-' || home || '-' || team
                       WHEN 'core' THEN 'onsite-' || school ELSE 'region-' || home % 26 END END AS team_id
          FROM seed.made) AS named
 ORDER BY number;
"""

_CLOSE: Final = """
DROP SCHEMA seed CASCADE;
RESET search_path;
RESET session_replication_role;
"""


# An index is built at once in a fraction of the time that row after row would take.
_INDEXES: Final = """
SELECT indexname, indexdef FROM pg_indexes
 WHERE tablename IN ('referral', 'handover') AND indexname NOT LIKE 'pk%'
"""


async def seed(owner: asyncpg.Connection, handovers: int) -> None:
    """Fills empty tables with handovers and their referrals, and has the database take stock of them."""
    indexes = await owner.fetch(_INDEXES)
    await owner.execute(_OPEN)
    for index in indexes:
        await owner.execute(f"DROP INDEX {index['indexname']}")
    await owner.execute(_REFERRALS.format(count=handovers * 7 // 10))
    await owner.execute(_HANDOVERS.format(count=handovers))
    await owner.execute("SET maintenance_work_mem = '512MB'")
    for index in indexes:
        await owner.execute(index["indexdef"])
    await owner.execute(_CLOSE)
    for table in ("organisation", "referral", "handover"):
        await owner.execute(f"VACUUM ANALYZE {table}")
