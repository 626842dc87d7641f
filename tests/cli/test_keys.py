"""`verwijsroute keys` wraps every data key under the active key, and says what stays under another."""

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.adapters.encryption import Keyring
from app.config import Settings
from app.services.reading import OpenReferral
from app.services.sealed import dump
from app.services.sealed_subscriptions import Secrets, open_url, seal

Verwijsroute = Callable[..., Any]

OLD, NEW, INDEX = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))
MANY = 1_203
SCHOOL, OTHER, ONE = UUID(int=7), UUID(int=8), UUID(int=1)
BEFORE = Keyring({"k1": OLD}, "k1", INDEX)
AFTER = Keyring({"k2": NEW}, "k2", INDEX)
WRAPPED = BEFORE.new_data_key(f"{SCHOOL}/{ONE}")[1]


def setting(**keys: bytes) -> str:
    return ",".join(f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in keys.items())


async def fill(url: str) -> None:
    """So many referrals and a subscription, under the old key."""
    owner = await asyncpg.connect(url)
    now = datetime.now(UTC)
    await owner.execute("INSERT INTO organisation VALUES ($1, 'school', '00ZZ', 'School', $2)", SCHOOL, now)
    await owner.copy_records_to_table(
        "referral", records=[referral(UUID(int=n + 1), now) for n in range(MANY)], columns=COLUMNS
    )
    told = seal(BEFORE, SCHOOL, UUID(int=1), "https://hook.example", Secrets("whsec_x"))
    await owner.execute(
        "INSERT INTO webhook_subscription (id, organisation_id, roles, event_types, key_id, wrapped_key, url,"
        " secrets, status, version, created_at) VALUES ($1, $2, '{}', '{}', $3, $4, $5, $6, 'active', 1, $7)",
        *(UUID(int=1), SCHOOL, *told.values(), now),
    )
    await owner.close()


COLUMNS = (
    *("id", "organisation_id", "status", "created_at", "decision_version", "content_fingerprint"),
    *("key_id", "wrapped_key", "identity", "reference_date"),
)


def referral(id: UUID, now: datetime) -> tuple[Any, ...]:
    row = f"{SCHOOL}/{id}"
    key, wrapped, key_id = BEFORE.new_data_key(row)
    identity = key.encrypt(dump({"student": str(id)}), table="referral", column="identity", row=row)
    return (id, SCHOOL, "closed", now, 1, b"", key_id, wrapped, identity, now.date())


@pytest.fixture
def sealed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """Rows under the old key, and settings in which the new one is active; the address of the owner."""
    monkeypatch.setenv("VERWIJSROUTE_KEY_ENCRYPTION_KEYS", setting(k2=NEW, k1=OLD))
    monkeypatch.setenv("VERWIJSROUTE_INDEX_KEY", base64.b64encode(INDEX).decode())
    url = str(settings.database_owner_url)
    asyncio.run(fill(url))
    return url


def ask(url: str, sql: str, *values: object) -> list[asyncpg.Record]:
    """What SQL gives, as the owner of the tables."""

    async def asked() -> list[asyncpg.Record]:
        owner = await asyncpg.connect(url)
        try:
            return list(await owner.fetch(sql, *values))
        finally:
            await owner.close()

    return asyncio.run(asked())


def rotated(verwijsroute: Verwijsroute, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = verwijsroute("keys", "rotate", "--json", *arguments)
    return done.code, json.loads(done.out)


def test_all_data_keys_are_wrapped_anew_and_open_without_the_old_key(
    verwijsroute: Verwijsroute, sealed: str
) -> None:
    code, report = rotated(verwijsroute)
    assert (code, report) == (0, {"active": "k2", "wrapped": MANY + 1, "unreadable": 0, "left": []})
    rows = ask(sealed, "SELECT * FROM referral")
    opened = {OpenReferral(dict(row), AFTER).identity["student"] == str(row["id"]) for row in rows}
    assert (len(rows), opened) == (MANY, {True})
    [told] = ask(sealed, "SELECT * FROM webhook_subscription")
    assert open_url(told, AFTER, told["id"]) == "https://hook.example"


def test_a_dry_run_counts_by_key_and_changes_nothing(verwijsroute: Verwijsroute, sealed: str) -> None:
    code, report = rotated(verwijsroute, "--dry-run")
    left = [(use["table"], use["key_id"], use["rows"]) for use in report["left"]]
    assert (code, left) == (0, [("referral", "k1", MANY), ("webhook_subscription", "k1", 1)])
    assert ask(sealed, "SELECT DISTINCT key_id FROM referral") == [("k1",)]


def test_it_goes_on_where_it_was_broken_off(verwijsroute: Verwijsroute, sealed: str) -> None:
    rotated(verwijsroute)
    ask(sealed, "UPDATE referral SET key_id = 'k1', wrapped_key = $1 WHERE id = $2", WRAPPED, ONE)
    assert rotated(verwijsroute)[1]["wrapped"] == 1


def test_a_row_swapped_between_organisations_stays_and_is_told(
    verwijsroute: Verwijsroute, sealed: str
) -> None:
    ask(sealed, "INSERT INTO organisation VALUES ($1, 'school', '00ZY', 'Other', now())", OTHER)
    ask(sealed, "UPDATE referral SET organisation_id = $1 WHERE id = $2", OTHER, ONE)
    code, report = rotated(verwijsroute)
    assert (code, report["wrapped"], report["unreadable"]) == (1, MANY, 1)
    assert [(use["key_id"], use["rows"]) for use in report["left"]] == [("k1", 1)]


def test_rows_under_a_key_that_is_not_in_the_settings_are_named(
    verwijsroute: Verwijsroute, sealed: str
) -> None:
    ask(sealed, "UPDATE referral SET key_id = 'lost' WHERE id = $1", ONE)
    done = verwijsroute("keys", "rotate")
    assert done.code == 1
    assert "lost  referral  1  not in the settings: cannot be opened" in done.out


def test_list_shows_which_key_is_active(verwijsroute: Verwijsroute, sealed: str) -> None:
    ask(sealed, "UPDATE referral SET key_id = 'k2' WHERE id = $1", ONE)
    lines = verwijsroute("keys", "list").out.splitlines()
    assert lines == [f"  k1  referral  {MANY - 1:,}", "* k2  referral  1", "  k1  webhook_subscription  1"]
