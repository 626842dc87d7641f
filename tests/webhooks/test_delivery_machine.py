"""Whatever happens to attempts: nothing lost, nothing overtaken, no end without a word (G12)."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings as how
from hypothesis.stateful import run_state_machine_as_test

from app.adapters.identifiers import new_ids
from app.config import Settings
from app.db import open_database
from app.db.database import Database
from app.services.deliveries import plan_deliveries
from app.services.delivery_steps import Step, settled
from app.services.sending import Claim, claim_due, record
from tests.webhooks import queue
from tests.webhooks.machine import Machine, machine_over
from tests.webhooks.queue import Claimed, Entry

EMPTY = "TRUNCATE webhook_subscription, event, event_audience, organisation CASCADE"
PLANTED = {
    "marks before sending": queue.MarksBeforeSending,
    "passes the waiting head": queue.PassesTheWaitingHead,
    "buries in silence": queue.BuriesInSilence,
    "never stops": queue.NeverStops,
    "ignores Retry-After": queue.IgnoresRetryAfter,
    "forgets the lease": queue.ForgetsTheLease,
}


def runs(examples: int, steps: int) -> how:
    return how(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def test_the_steps_keep_every_promise() -> None:
    run_state_machine_as_test(machine_over(queue.InMemory), settings=runs(150, 60))


@pytest.mark.long
def test_the_steps_keep_every_promise_for_long() -> None:
    Machine.steps = 0
    run_state_machine_as_test(machine_over(queue.InMemory), settings=runs(6_000, 80))
    print(f"{Machine.steps} steps")
    assert Machine.steps >= 300_000


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found(planted: type[queue.InMemory]) -> None:
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine_over(planted), settings=runs(500, 60))


class InPostgres:
    """The same over the service's own statements: one new subscription each time."""

    def __init__(self, runner: asyncio.Runner, database: Database, owner: asyncpg.Connection) -> None:
        self._runner, self._database, self._owner = runner, database, owner
        self._ids: list[UUID] = []
        self._streams = new_ids(datetime.fromisoformat("2026-11-21T12:00:00Z"), 3)
        self._id = runner.run(self._prepare())

    async def _prepare(self) -> UUID:
        await self._owner.execute(EMPTY)
        organisation, id = self._streams[:2]
        await self._owner.execute(
            "INSERT INTO organisation VALUES ($1, 'school', '00ZZ', 'x', now())", organisation
        )
        await self._owner.execute(
            "INSERT INTO webhook_subscription (id, organisation_id, roles, event_types, key_id, wrapped_key,"
            " url, secrets, status, version, created_at)"
            " VALUES ($1, $2, '{referrer}', '{}', 'k', 'x', 'x', 'x', 'active', 1, now())",
            id,
            organisation,
        )
        return id

    def add(self, stream: int, now: datetime) -> int:
        return self._runner.run(self._add(stream, now))

    async def _add(self, stream: int, now: datetime) -> int:
        number, id = len(self._ids) + 1, new_ids(now, 1)[0]
        organisation = self._streams[0]
        await self._owner.execute(
            "INSERT INTO event (id, organisation_id, referral_id, type, role, at, number)"
            " VALUES ($1, $2, $3, 'referral.decided', 'system', $4, $5)",
            *(id, organisation, self._streams[stream], now, number),
        )
        await self._owner.execute(
            "INSERT INTO event_audience VALUES ($1, 'referrer', $2)", number, organisation
        )
        async with self._database.transaction() as connection:
            await plan_deliveries(connection, number, number)
        self._ids.append(id)
        return number - 1

    def claim(self, now: datetime) -> list[Claimed]:
        return self._runner.run(self._claim(now))

    async def _claim(self, now: datetime) -> list[Claimed]:
        async with self._database.transaction() as connection:
            found = await claim_due(connection, now, 16)
        return [Claimed(self._ids.index(claim.event_id), claim.step, claim) for claim in found]

    def record(self, claim: Claimed, status: int | None, wait: timedelta | None, now: datetime) -> None:
        after = settled(claim.step, status, wait, now, lambda: 0.5)
        self._runner.run(self._record(claim.handle, after, now))

    async def _record(self, claim: object, after: Step, now: datetime) -> None:
        assert isinstance(claim, Claim)
        async with self._database.transaction() as connection:
            await record(connection, claim, after, now)

    def entries(self) -> list[Entry]:
        rows = self._runner.run(self._owner.fetch("SELECT * FROM webhook_delivery ORDER BY position"))
        return [
            Entry(
                self._ids.index(row["event_id"]),
                self._streams.index(row["stream"]),
                Step(row["status"], row["attempts"], row["next_attempt_at"]),
            )
            for row in rows
        ]


@pytest.fixture
def in_postgres(run_settings: Settings) -> Iterator[tuple[asyncio.Runner, Database, asyncpg.Connection]]:
    with asyncio.Runner() as runner:
        opening = open_database(run_settings)
        database = runner.run(opening.__aenter__())
        owner = runner.run(asyncpg.connect(run_settings.database_owner_url))
        yield runner, database, owner
        runner.run(owner.execute(EMPTY))
        runner.run(owner.close())
        runner.run(opening.__aexit__(None, None, None))


def test_the_statements_keep_every_promise_too(
    in_postgres: tuple[asyncio.Runner, Database, asyncpg.Connection],
) -> None:
    machine = machine_over(lambda: InPostgres(*in_postgres))
    run_state_machine_as_test(machine, settings=runs(12, 30))
