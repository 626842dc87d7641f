"""What is stored of a person is unreadable without the keys, and only in its own place."""

from typing import Any

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from app.adapters.deflate import deflate
from app.services.referrals import find_receipt, find_referral
from tests.unsealed import told_by

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


async def dump(owner: asyncpg.Connection) -> str:
    """All rows of all tables, with binary columns as the text that could be in them too, inflated or not."""
    lines = []
    for (table,) in await owner.fetch(TABLES):
        for row in await owner.fetch(f'SELECT * FROM "{table}"'):  # noqa: S608  names from the catalogue
            lines += [str(value) for value in row.values()]
            told = told_by(value for value in row.values() if isinstance(value, bytes))
            lines.append(told.decode("latin-1"))
    return "\n".join(lines)


async def test_no_table_holds_a_name_a_birth_date_a_reference_or_the_reason(
    world: Any, owner: asyncpg.Connection
) -> None:
    await world.submit(idempotency_key="sleutel-kanarie")
    stored = await dump(owner)
    for secret in ("anarie", "Sanne", "2009-05-15", "sis-2026-004711"):
        assert secret not in stored
    assert "neighbourhood_team" in stored  # the dump does see what is there


async def test_control_a_reason_that_is_deflated_and_not_sealed_is_found(
    world: Any, owner: asyncpg.Connection
) -> None:
    await world.submit()
    await owner.execute("UPDATE referral SET reason = $1", deflate(b"Vrije tekst met een kanarie."))
    assert "anarie" in await dump(owner)


async def test_no_table_holds_the_plain_hash_of_what_was_sent(world: Any, owner: asyncpg.Connection) -> None:
    await world.submit()
    query = "SELECT sha256('sis-2026-004711'::bytea) = source_reference_index FROM referral"
    assert await owner.fetchval(query) is False


@pytest.mark.parametrize("column", ["identity", "wrapped_key"])
async def test_a_column_swapped_between_two_referrals_is_refused(
    world: Any, owner: asyncpg.Connection, column: str
) -> None:
    mine = await world.submit()
    await world.submit(source_reference="other")
    swap = f"UPDATE referral r SET {column} = o.{column} FROM referral o WHERE o.id <> r.id"  # noqa: S608
    await owner.execute(swap)
    async with world.database.transaction() as connection:
        with pytest.raises(InvalidTag):
            await find_referral(connection, world.school, world.keyring, mine.referral["id"], world.now)


async def test_a_referral_moved_to_another_organisation_is_refused(
    world: Any, owner: asyncpg.Connection
) -> None:
    mine = await world.submit()
    await owner.execute("UPDATE referral SET organisation_id = $1", world.other_school.organisation_id)
    async with world.database.transaction() as connection:
        with pytest.raises(InvalidTag):
            await find_referral(connection, world.other_school, world.keyring, mine.referral["id"], world.now)


async def test_the_receipt_opens_with_the_facts_the_days_and_the_decision(world: Any) -> None:
    referral = (await world.submit()).referral
    async with world.database.transaction() as connection:
        receipt = await find_receipt(connection, world.school, world.keyring, referral["id"])
    assert receipt["decision"] == referral["decision"]
    assert receipt["facts"]["birthDate"] == "2009-05-15"
    assert (receipt["referenceDate"], receipt["today"]) == ("2026-11-21", "2026-11-21")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM referral",
        "UPDATE decision SET receipt = ''",
        "UPDATE event SET type = 'x'",
        "DELETE FROM event",
        "UPDATE team SET name = 'x'",
        "UPDATE credential SET secret_sha256 = ''",
        "TRUNCATE referral CASCADE",
        "DROP TABLE event",
    ],
)
async def test_the_service_role_cannot_rewrite_what_was_stored(world: Any, statement: str) -> None:
    await world.submit()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.database.session() as session:
            await session.begin("system")  # sees all rows: nothing is spared because it is out of sight
            await session.driver.execute(statement)
