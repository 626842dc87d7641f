"""`verwijsroute retention`: counts, erases and forgets what is overdue, and holds what may not go."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.adapters.identifiers import new_ids
from app.config import Settings
from app.services.retention_terms import TERMS

Command = Callable[..., Any]
INSERT = """
INSERT INTO referral (id, organisation_id, status, created_at, decision_version, content_fingerprint, key_id,
    wrapped_key, identity, reference_date)
VALUES ($1, $1, 'closed', $2, 1, '', 'k', '', '', '2018-01-01')
"""
LONG_AGO = datetime.now(UTC) - timedelta(days=3000)


@pytest.fixture
def ask(settings: Settings) -> Callable[..., Any]:
    """Asks the database as the owner of the tables."""

    async def query(statement: str, *arguments: object) -> Any:
        connection = await asyncpg.connect(settings.database_owner_url)
        try:
            return await connection.fetchval(statement, *arguments)
        finally:
            await connection.close()

    return lambda statement, *arguments: asyncio.run(query(statement, *arguments))


@pytest.fixture
def overdue(ask: Callable[..., Any]) -> UUID:
    """A referral that ended years ago."""
    id = new_ids(LONG_AGO, 1)[0]
    ask("INSERT INTO organisation VALUES ($1, 'school', '00ZZ', 'x', $2)", id, LONG_AGO)
    ask(INSERT, id, LONG_AGO)
    return id


def counts(done: Any) -> dict[str, int]:
    assert done.code == 0, done.err
    told = json.loads(done.out)["counts"]
    assert list(told) == [term.name for term in TERMS]
    return dict(told)


def test_a_dry_run_counts_and_changes_nothing(
    verwijsroute: Command, ask: Callable[..., Any], overdue: UUID
) -> None:
    assert counts(verwijsroute("retention", "run", "--dry-run", "--json"))["referral"] == 1
    assert ask("SELECT erased_at FROM referral WHERE id = $1", overdue) is None


def test_a_run_erases_once_and_says_what(
    verwijsroute: Command, ask: Callable[..., Any], overdue: UUID
) -> None:
    assert counts(verwijsroute("retention", "run", "--json"))["referral"] == 1
    assert ask("SELECT erased_because FROM referral WHERE id = $1", overdue) == "retention"
    assert counts(verwijsroute("retention", "run", "--json"))["referral"] == 0


def test_what_is_held_stays_until_it_is_let_go(
    verwijsroute: Command, ask: Callable[..., Any], overdue: UUID
) -> None:
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    held = verwijsroute("retention", "hold", str(overdue), "--until", until, "--because", "weighty_interest")
    told = f"Held until {until}, weighty_interest: the weighty interest of another person.\n"
    assert (held.code, held.out) == (0, told), held.err
    assert ask("SELECT held_because FROM referral WHERE id = $1", overdue) == "weighty_interest"
    assert counts(verwijsroute("retention", "run", "--json"))["referral"] == 0
    assert verwijsroute("retention", "hold", str(overdue)).code == 0
    assert "referral                    1" in verwijsroute("retention", "run").out


def test_the_ground_that_was_not_given_is_told(verwijsroute: Command, overdue: UUID) -> None:
    held = verwijsroute("retention", "hold", str(overdue), "--until", "2099-12-31")
    assert held.out == "Held until 2099-12-31, law_forbids: the law forbids its erasure.\n"


@pytest.mark.parametrize(
    ("day", "says"), [("2020-06-30", "2020-06-30 is past"), ("30-06-2099", "YYYY-MM-DD")]
)
def test_a_day_that_is_past_or_none_holds_nothing(
    verwijsroute: Command, ask: Callable[..., Any], overdue: UUID, day: str, says: str
) -> None:
    done = verwijsroute("retention", "hold", str(overdue), "--until", day)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert ask("SELECT held_until FROM referral WHERE id = $1", overdue) is None


def test_what_is_not_there_cannot_be_held(verwijsroute: Command) -> None:
    done = verwijsroute("retention", "hold", "01a1fdfa-4600-7966-82a4-f3301f248691", "--until", "2099-01-01")
    assert (done.code, done.out) == (1, "")
