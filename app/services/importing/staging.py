"""Stores many referrals at once: COPY into tables of this session, then INSERT behind the walls (ADR 27)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

Record = tuple[Any, ...]

# What is staged of each table, under the names of its columns.
STAGED: Final[Mapping[str, tuple[str, ...]]] = {
    "referral": (
        "id", "organisation_id", "created_at", "source_reference_index", "content_fingerprint", "status",
        "decision_version", "key_id", "wrapped_key", "identity", "reason", "reference_date",
        "home_municipality", "support_variant", "student_number_index", "subject_index",
    ),
    "decision": (
        "referral_id", "version", "organisation_id", "created_at", "outcome", "rulebook_hash",
        "directory_edition", "read_for", "receipt",
    ),
    "handover": (
        "id", "referral_id", "organisation_id", "receiver_organisation_id", "desk_organisation_id",
        "decision_version", "status", "lead", "version", "team_id", "team_kind", "team_name",
        "responsible_municipality", "provisions", "problem_domains", "route_positions", "flags",
        "delivery_status", "created_at", "offered_at", "deadlines", "reassess_on", "clock_on", "person_index",
    ),
    "advice": (
        "id", "referral_id", "organisation_id", "decision_version", "channel", "kind", "role",
        "route_positions", "due", "status",
    ),
    "event": (
        "id", "organisation_id", "receiver_organisation_id", "desk_organisation_id", "team_id", "referral_id",
        "handover_id", "type", "role", "actor_organisation_id", "correlation_id", "at",
    ),
}  # fmt: skip

# Made once for each session, emptied with each transaction; no other session can name them. Ciphertext does
# not get smaller: trying would take longer than copying it.
_MAKE: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS staged_{table} ON COMMIT DELETE ROWS AS
SELECT {columns} FROM {table} WHERE false
"""
_STORED_AS_IT_IS: Final = """
ALTER TABLE pg_temp.staged_decision ALTER receipt SET STORAGE EXTERNAL;
ALTER TABLE pg_temp.staged_referral ALTER identity SET STORAGE EXTERNAL, ALTER reason SET STORAGE EXTERNAL
"""
_MADE: Final = "SELECT to_regclass('pg_temp.staged_event') IS NOT NULL"
_INSERT: Final = "INSERT INTO {table} ({columns}) SELECT {columns} FROM pg_temp.staged_{table}"


def _insert(table: str, after: str) -> str:
    return f"{_INSERT.format(table=table, columns=', '.join(STAGED[table]))} {after}"


# In order, so that two imports of the same rows wait for one another and never each for the other.
_REFERRALS: Final = _insert(
    "referral",
    """ORDER BY source_reference_index
    ON CONFLICT (organisation_id, source_reference_index) WHERE source_reference_index IS NOT NULL
    DO NOTHING RETURNING id""",
)
# The order in which events are inserted is that in which they happened.
_THE_REST: Final = f"""
WITH decided AS ({_insert("decision", "")}), handed_over AS ({_insert("handover", "")}),
     advised AS ({_insert("advice", "")}), told AS ({_insert("event", "ORDER BY id")})
SELECT
"""


async def stage_referrals(driver: asyncpg.Connection, records: Iterable[Record]) -> set[UUID]:
    """Stores the referrals whose source reference is new to their organisation; returns their ids.

    Whoever stores one of them at the same time is waited for.
    """
    if not await driver.fetchval(_MADE):
        tables = [_MAKE.format(table=table, columns=", ".join(STAGED[table])) for table in STAGED]
        await driver.execute(";".join((*tables, _STORED_AS_IT_IS)))
    await _copy(driver, "referral", records)
    return {row["id"] for row in await driver.fetch(_REFERRALS)}


async def stage_the_rest(driver: asyncpg.Connection, records: Mapping[str, Sequence[Record]]) -> None:
    """Stores what belongs to referrals that were stored just now, by table."""
    for table, rows in records.items():
        await _copy(driver, table, rows)
    await driver.fetch(_THE_REST)


async def _copy(driver: asyncpg.Connection, table: str, records: Iterable[Record]) -> None:
    columns = STAGED[table]
    await driver.copy_records_to_table(
        f"staged_{table}", schema_name="pg_temp", columns=columns, records=records
    )
