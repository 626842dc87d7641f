"""`verwijsroute demo`: the worked cases as real referrals, once."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.config import Settings
from app.reference.cases import worked_cases

Command = Callable[..., Any]


@pytest.fixture
def referrals(settings: Settings) -> Callable[[], int]:
    """How many referrals are stored."""

    async def count() -> int:
        connection = await asyncpg.connect(settings.database_owner_url)
        try:
            return int(await connection.fetchval("SELECT count(*) FROM referral"))
        finally:
            await connection.close()

    return lambda: asyncio.run(count())


def results(done: Any) -> set[str]:
    return {json.loads(line)["result"] for line in done.out.splitlines()}


def test_a_dry_run_decides_every_case_and_stores_nothing(
    verwijsroute: Command, referrals: Callable[[], int]
) -> None:
    done = verwijsroute("demo", "--dry-run", "--json")
    assert (done.code, results(done)) == (0, {"decided"})
    assert len(done.out.splitlines()) == len(worked_cases())
    assert referrals() == 0


def test_the_demo_twice_stores_every_case_once(verwijsroute: Command, referrals: Callable[[], int]) -> None:
    first, again = verwijsroute("demo", "--json"), verwijsroute("demo", "--json")
    assert (first.code, results(first)) == (0, {"stored"})
    assert (again.code, results(again)) == (0, {"already_stored"})
    assert referrals() == len(worked_cases())


def test_the_demo_tells_in_words_whose_task_it_is_and_who_received(verwijsroute: Command) -> None:
    told = verwijsroute("demo").out
    assert "-> offered: " in told
    assert "-> referrer_acts: gp before " in told
    assert worked_cases()[0].title in told


def test_a_case_that_was_sent_with_other_content_is_exit_code_one(
    verwijsroute: Command, settings: Settings
) -> None:
    verwijsroute("demo", "--json")

    async def plant() -> None:
        connection = await asyncpg.connect(settings.database_owner_url)
        await connection.execute("UPDATE referral SET content_fingerprint = 'other'::bytea")
        await connection.close()

    asyncio.run(plant())
    done = verwijsroute("demo", "--json")
    assert (done.code, results(done)) == (1, {"conflict"})


def test_the_demo_stays_out_of_production(
    verwijsroute: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VERWIJSROUTE_ENVIRONMENT", "production")
    monkeypatch.setenv("VERWIJSROUTE_KEY_ENCRYPTION_KEYS", "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    monkeypatch.setenv("VERWIJSROUTE_INDEX_KEY", "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=")
    monkeypatch.setenv("VERWIJSROUTE_TRUST_DIR", str(tmp_path))
    done = verwijsroute("demo")
    assert (done.code, done.out) == (2, "")
    assert "development alone" in done.err
