"""How long it takes to link the access log, and to compare all of it with what is anchored."""

import asyncio
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Final

import asyncpg

from app.db import Database, migrate, open_database
from app.services.chain_check import Checked, check_chains
from app.services.chain_heads import Heads
from app.services.chaining import link_rows
from bench.stage import Stage, new_database, settings_of

RECORDS: Final = 200_000
ORGANISATIONS, ROUNDS = 8, 5
GOAL_SECONDS: Final = 2.0

_LOOKS: Final = """
INSERT INTO access_log (id, organisation_id, credential_id, roles, acting_user, activity, purpose,
    referring_organisation_id, referral_id, handover_id, request_id, trace_id, at)
SELECT uuidv7(), whose, md5('key' || whose)::uuid, '{team}', 'm.voorbeeld', 'read_handover', 'support',
       md5('school' || n % 5)::uuid, gen_random_uuid(), gen_random_uuid(),
       md5('request' || n), md5('trace' || n), timestamptz '2026-11-21 12:00Z' + n * interval '1 second'
  FROM generate_series(1, $1::integer) AS n
 CROSS JOIN LATERAL (SELECT md5((n % $2::integer)::text)::uuid) AS o (whose)
"""


@dataclass(frozen=True, slots=True)
class Audited:
    """So many records in so many chains: seconds to link them all, and to verify them all."""

    records: int
    chains: int
    linking: float
    verifying: float


def measure(stage: Stage, records: int = RECORDS, rounds: int = ROUNDS) -> Audited:
    """Linking once, by transactions as the worker's; verifying as the median of the rounds."""
    own = asyncio.run(new_database(stage, "audit"))
    migrate(settings_of(own))
    return asyncio.run(_measure(own, records, rounds))


def demand_whole(checked: Checked, records: int) -> None:
    """Raises RuntimeError unless every record was looked at, and every chain holds."""
    if checked.breaks or checked.rows != records:
        raise RuntimeError(f"{checked.rows} of {records} records verified, {len(checked.breaks)} breaks")


async def _measure(stage: Stage, records: int, rounds: int) -> Audited:
    owner = await asyncpg.connect(stage.owner_url)
    await owner.execute(_LOOKS, records, ORGANISATIONS)
    await owner.execute("VACUUM ANALYZE access_log")
    await owner.close()
    async with open_database(settings_of(stage)) as database:
        started = perf_counter()
        heads = await _link(database)
        linking = perf_counter() - started
        times = [await _verify(database, heads, records) for _ in range(rounds)]
    return Audited(records, len(heads.anchors), linking, median(times))


async def _link(database: Database) -> Heads:
    heads, rows = Heads(), 1
    while rows:
        async with database.transaction() as connection:
            linked = await link_rows(connection, heads)
        heads, rows = linked.heads, linked.rows
    return heads


async def _verify(database: Database, heads: Heads, records: int) -> float:
    started = perf_counter()
    async with database.transaction() as connection:
        checked = await check_chains(connection, heads)
    seconds = perf_counter() - started
    demand_whole(checked, records)
    return seconds
