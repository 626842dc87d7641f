"""G16b: the live schema against the committed lists: which tables are guarded, by whom, and what betrays."""

from itertools import product
from typing import Any

import asyncpg
import pytest

from app.config import Settings
from app.models.walls import OPEN, WALLED

TABLES = """
SELECT relname, relrowsecurity, relforcerowsecurity,
       pg_get_userbyid(relowner) = $1 AS own
  FROM pg_class WHERE relkind IN ('r', 'p', 'f') AND relnamespace = 'public'::regnamespace
"""
VIEWS = """
SELECT relname FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm' OR relkind = 'v'
   AND NOT coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on,security_invoker=1}')
"""
ROLE = """
SELECT rolsuper OR rolbypassrls OR rolcreaterole AS strong,
       EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid) AS of_others
  FROM pg_roles WHERE rolname = $1
"""
UNIQUE = """
SELECT i.indexrelid::regclass::text AS name, i.indrelid::regclass::text AS "table",
       array(SELECT attname::text FROM pg_attribute WHERE attrelid = i.indexrelid ORDER BY attnum) AS columns
  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
 WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace
"""
FUNCTIONS = """
SELECT proname::text, prosecdef, prosrc LIKE '%verwijsroute.scope%' AS for_all FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace
"""
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")
RANDOM_IDS = {"id", "referral_id", "subscription_id", "import_id"}
# Unique without an organisation, and yet nobody learns from it that something is there.
HARMLESS = {
    "uq_credential_public_id": "drawn by the service; an organisation inserts none",
    "uq_credential_secret_sha256": "the same",
    "uq_credential_issuer_client_id": "given by who runs the service; an organisation inserts none",
    "ix_event_number": "a number that the worker gives, in order",
    "pk_event_audience": "the same number; an organisation inserts none",
}


@pytest.fixture
async def tables(settings: Settings, owner: asyncpg.Connection) -> dict[str, Any]:
    return {row["relname"]: row for row in await owner.fetch(TABLES, settings.service_role)}


async def test_every_table_is_guarded_or_open_with_a_reason(tables: dict[str, Any]) -> None:
    assert tables.keys() == WALLED.keys() | OPEN.keys()
    assert not WALLED.keys() & OPEN.keys()


async def test_every_guarded_table_binds_its_owner_too(tables: dict[str, Any]) -> None:
    guarded = {name for name, row in tables.items() if row["relrowsecurity"] and row["relforcerowsecurity"]}
    assert guarded == WALLED.keys()


async def test_every_command_on_a_guarded_table_has_one_policy_for_all_roles(
    owner: asyncpg.Connection,
) -> None:
    found = await owner.fetch("SELECT tablename, cmd, roles, permissive FROM pg_policies")
    assert {(*row["roles"], row["permissive"]) for row in found} == {("public", "PERMISSIVE")}
    assert sorted((row["tablename"], row["cmd"]) for row in found) == sorted(product(WALLED, COMMANDS))


async def test_the_service_is_bound_and_owns_nothing(
    settings: Settings, owner: asyncpg.Connection, tables: dict[str, Any]
) -> None:
    assert tuple(await owner.fetchrow(ROLE, settings.service_role)) == (False, False)
    assert not any(row["own"] for row in tables.values())


async def test_no_view_shows_what_its_owner_sees(owner: asyncpg.Connection) -> None:
    assert await owner.fetch(VIEWS) == []


async def test_two_functions_lend_their_owners_rights_and_few_see_everything(
    owner: asyncpg.Connection,
) -> None:
    found = {row["proname"]: row for row in await owner.fetch(FUNCTIONS)}
    # The service may not delete from these logs; what its term has ended is taken off their beginning.
    assert {name for name, row in found.items() if row["prosecdef"]} == {"cut_access_log", "forget_events"}
    everything = {name for name, row in found.items() if row["for_all"]}
    assert everything == {
        *("credential_by_secret", "credential_by_client", "note_use", "look_today"),
        "forget_imported",
        "note_erased",
    }


async def test_no_unique_index_tells_one_organisation_what_another_has(owner: asyncpg.Connection) -> None:
    of_tenants = [row for row in await owner.fetch(UNIQUE) if row["table"] in WALLED]
    betraying = {
        row["name"] for row in of_tenants if not {"organisation_id", *RANDOM_IDS}.intersection(row["columns"])
    }
    assert betraying == HARMLESS.keys()


async def test_control_a_view_an_index_and_an_unguarded_table_are_found(
    owner: asyncpg.Connection, settings: Settings
) -> None:
    transaction = owner.transaction()
    await transaction.start()
    await owner.execute("CREATE VIEW shown AS SELECT * FROM referral; CREATE TABLE unlisted ()")
    await owner.execute("CREATE UNIQUE INDEX told ON referral (source_reference_index)")
    assert [row["relname"] for row in await owner.fetch(VIEWS)] == ["shown"]
    assert "unlisted" in {row["relname"] for row in await owner.fetch(TABLES, settings.service_role)}
    assert ["source_reference_index"] in [row["columns"] for row in await owner.fetch(UNIQUE)]
    await transaction.rollback()
