"""Counts and times of handovers by quarter, as the database groups them: not yet fit to be shown."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.routing.vocabulary import FRAMEWORK_OF
from app.services.clients import Client
from app.services.disclosure import FEWEST, FEWEST_FOR_PERCENTILE
from app.services.quarters import Quarter

# Which handovers are an organisation's to count, by its kind: $3 is its id, $4 its code.
_RECEIVED: Final = "h.receiver_organisation_id = $3 AND $4::text IS NOT NULL"
_OWN: Final = {
    "operator": "$3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "school": "h.organisation_id = $3 AND $4::text IS NOT NULL",
    "municipality": "(h.receiver_organisation_id = $3 OR h.responsible_municipality = $4)",
}
# A day is one in Amsterdam. A mistake is none of the figures.
_COUNTS: Final = """
WITH own AS MATERIALIZED (
    SELECT h.id, h.referral_id, h.provisions, h.problem_domains, h.status, h.outcome,
           date_trunc('quarter', h.created_at AT TIME ZONE 'Europe/Amsterdam')::date AS created_in,
           date_trunc('quarter', h.ended_at AT TIME ZONE 'Europe/Amsterdam')::date AS ended_in,
           h.created_at >= $1 AND h.created_at < $2 AS is_new,
           h.ended_at >= $1 AND h.ended_at < $2 AS has_ended
      FROM handover h
     WHERE {own} AND h.status <> 'entered_in_error'
       AND (h.created_at >= $1 AND h.created_at < $2 OR h.ended_at >= $1 AND h.ended_at < $2)
), created AS MATERIALIZED (
    SELECT id, referral_id, created_in AS quarter, provisions, problem_domains FROM own WHERE is_new
)
SELECT quarter, 'created' AS kind, 'all' AS category, count(*) AS count FROM created GROUP BY quarter
 UNION ALL
SELECT quarter, 'support_variant', r.support_variant, count(*)
  FROM created JOIN referral r ON r.id = created.referral_id
 WHERE r.support_variant IS NOT NULL GROUP BY quarter, r.support_variant
 UNION ALL
SELECT quarter, 'problem_domain', domain, count(DISTINCT id)
  FROM created, unnest(problem_domains) AS domain GROUP BY quarter, domain
 UNION ALL
SELECT quarter, 'legal_framework', act.framework, count(DISTINCT id)
  FROM created, unnest(provisions) AS limb
  JOIN unnest($5::text[], $6::text[]) AS act (provision, framework) ON act.provision = limb
 GROUP BY quarter, act.framework
 UNION ALL
SELECT ended_in, 'ended', CASE status WHEN 'completed' THEN coalesce(outcome, status) ELSE status END,
       count(*)
  FROM own WHERE has_ended GROUP BY 1, 3
"""
# A step counts in the quarter in which it was taken. Closing is of help that was given, however it ended.
_TIMES: Final = """
WITH own AS MATERIALIZED (
    SELECT h.responsible_municipality AS municipality, h.team_id, h.team_kind, h.team_name,
           (coalesce(h.offered_at, h.created_at) AT TIME ZONE 'Europe/Amsterdam')::date AS start,
           (h.acknowledged_at AT TIME ZONE 'Europe/Amsterdam')::date AS acknowledgement,
           h.first_contact_on AS first_contact,
           CASE WHEN h.status IN ('completed', 'stopped')
                THEN (h.ended_at AT TIME ZONE 'Europe/Amsterdam')::date END AS closing
      FROM handover h
     WHERE {own} AND h.status <> 'entered_in_error'
       AND (h.acknowledged_at >= $7 AND h.acknowledged_at < $8 OR h.ended_at >= $7 AND h.ended_at < $8
            OR h.first_contact_on BETWEEN $1 AND $2)
), step AS (
    SELECT date_trunc('quarter', step.day)::date AS quarter, step.name, own.*,
           greatest(step.day - own.start, 0) AS days
      FROM own, LATERAL (VALUES ('acknowledgement', acknowledgement), ('first_contact', first_contact),
                                ('closing', closing)) AS step (name, day)
     WHERE step.day BETWEEN $1 AND $2
)
SELECT quarter, municipality, team_id, min(team_kind) AS team_kind, min(team_name) AS team_name, name,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY days) AS median,
       CASE WHEN count(*) >= $6 THEN percentile_disc(0.9) WITHIN GROUP (ORDER BY days) END AS ninetieth
  FROM step
 GROUP BY quarter, name, GROUPING SETS ((municipality), (municipality, team_id))
HAVING count(*) >= $5 AND (grouping(team_id) = 1 OR team_id IS NOT NULL)
 ORDER BY quarter, municipality, team_id NULLS FIRST, name
"""


# Tens of thousands of rows are sorted and grouped: in memory, from two indexes at a time, and in less time
# than compiling would take. The scope shows what is the organisation's to count, and nothing else (ADR 22).
_PREPARE: Final = """
SET LOCAL work_mem = '64MB'; SET LOCAL enable_bitmapscan = on; SET LOCAL jit = off;
SET LOCAL verwijsroute.scope = 'statistics'
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """So many handovers of a quarter in a category of a table."""

    quarter: date
    table: str
    category: str
    count: int


@dataclass(frozen=True, slots=True)
class Timed:
    """What a group of five or more took, in whole days; the percentile is None below ten.

    Without a team the group is a municipality, without that what no municipality is responsible for.
    """

    quarter: date
    municipality: str | None
    team_id: str | None
    team_kind: str | None
    team_name: str | None
    step: str
    median: int
    ninetieth: int | None


async def counts(connection: AsyncConnection, client: Client, first: Quarter, last: Quarter) -> list[Counted]:
    """What came to be and what ended in each quarter, of the handovers of the client's organisation."""
    acts = (list(FRAMEWORK_OF), list(FRAMEWORK_OF.values()))
    moments = (first.begins, last.following.begins)
    driver = await driver_of(connection)
    await driver.execute(_PREPARE)
    rows = await driver.fetch(_for(client, _COUNTS), *moments, *_whose(client), *acts)
    return [Counted(*row) for row in rows]


async def times(connection: AsyncConnection, client: Client, first: Quarter, last: Quarter) -> list[Timed]:
    """How many days after offering each step was taken, by municipality and by team there.

    Groups of less than five do not leave the database.
    """
    fewest = (FEWEST, FEWEST_FOR_PERCENTILE)
    days, moments = (first.first, last.last), (first.begins, last.following.begins)
    driver = await driver_of(connection)
    rows = await driver.fetch(_for(client, _TIMES), *days, *_whose(client), *fewest, *moments)
    return [Timed(*row) for row in rows]


def _for(client: Client, statement: str) -> str:
    return statement.format(own=_OWN.get(client.organisation_kind, _RECEIVED))


def _whose(client: Client) -> tuple[object, str]:
    return client.organisation_id, client.organisation_code
