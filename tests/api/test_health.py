"""Readiness says whether requests may come; a worker in trouble is told without turning them away."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.deps import LEAVING
from app.resources import Resources
from app.services.job_states import LATE, note_failure, note_success
from app.worker import erasures, retention

Json = dict[str, Any]


@pytest.fixture
async def worked(resources: Resources) -> None:
    """A worker did its job a moment ago."""
    now = datetime.now(UTC)
    async with resources.database.transaction() as connection:
        await note_success(connection, "sweep", now=now, due_at=now + timedelta(minutes=1))


async def ready(http: AsyncClient) -> tuple[int, Json]:
    answer = await http.get("/healthz/ready")
    assert answer.headers["content-type"] == "application/health+json"
    told: Json = answer.json()
    return answer.status_code, told


@pytest.mark.usefixtures("worked")
async def test_all_is_well(http: AsyncClient) -> None:
    status, told = await ready(http)
    assert (status, told["status"]) == (200, "pass")
    assert told["checks"].keys() == {"database", "schema", "worker:sweep", "keys", "events"}


@pytest.mark.usefixtures("worked")
async def test_a_failing_job_is_told_and_requests_are_still_welcome(
    http: AsyncClient, resources: Resources
) -> None:
    now = datetime.now(UTC)
    async with resources.database.transaction() as connection:
        await note_failure(connection, "sweep", kind="KeyError", now=now, due_at=now)
    status, told = await ready(http)
    assert (status, told["status"]) == (200, "warn")
    assert told["checks"]["worker:sweep"][0].items() >= {"status": "fail", "observedValue": 1}.items()


@pytest.mark.usefixtures("worked")
async def test_a_job_that_nobody_does_any_more_is_told(http: AsyncClient, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE worker_job SET due_at = now() - $1::interval", LATE + timedelta(seconds=1))
    assert (await ready(http))[1]["status"] == "warn"


@pytest.mark.usefixtures("worked")
async def test_events_that_wait_long_for_their_number_are_told(
    http: AsyncClient, owner: asyncpg.Connection
) -> None:
    for waited, status in ((50, "pass"), (70, "warn")):
        await owner.execute("UPDATE event SET at = now() - $1 * interval '1 second'", waited)
        told = (await ready(http))[1]
        assert (told["status"], told["checks"]["events"][0]["status"]) == (status, status)


async def test_no_worker_at_all_is_told(http: AsyncClient) -> None:
    status, told = await ready(http)
    assert (status, told["checks"]["worker"][0]["status"]) == (200, "fail")


@pytest.mark.usefixtures("worked")
async def test_a_newer_schema_is_served_with_and_an_older_one_is_not(
    http: AsyncClient, owner: asyncpg.Connection
) -> None:
    at = await owner.fetchval("SELECT version_num FROM alembic_version")
    try:
        await owner.execute("UPDATE alembic_version SET version_num = 'of-the-next-release'")
        newer = await ready(http)
        await owner.execute("UPDATE alembic_version SET version_num = '20261121first'")
        older = await ready(http)
    finally:
        await owner.execute("UPDATE alembic_version SET version_num = $1", at)
    assert (newer[0], newer[1]["status"]) == (200, "warn")
    assert (older[0], older[1]["checks"]["schema"]) == (503, [{"status": "fail"}])


async def test_a_process_that_leaves_is_not_ready_and_still_lives(app: FastAPI, http: AsyncClient) -> None:
    async def leaving(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": {LEAVING: True}}, receive, send)

    http._transport.app = leaving  # type: ignore[attr-defined]
    assert (await ready(http))[0] == 503
    assert (await http.get("/healthz/live")).json() == {"status": "pass"}


@pytest.mark.usefixtures("worked", "directory")
async def test_a_key_that_is_missing_is_named_and_requests_are_still_welcome(
    school: AsyncClient, body: Json, owner: asyncpg.Connection
) -> None:
    await school.post("/v1/referrals", json=body)
    await owner.execute("UPDATE referral SET key_id = 'lost'")
    status, told = await ready(school)
    assert (status, told["status"]) == (200, "warn")
    assert "lost" in told["checks"]["keys"][0]["output"]


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("job", [retention.JOB.name, erasures.JOB.name])
async def test_requests_are_turned_away_while_what_must_be_erased_is_not(
    http: AsyncClient, resources: Resources, job: str
) -> None:
    now = datetime.now(UTC)
    async with resources.database.transaction() as connection:
        await note_failure(connection, job, kind="LedgerBroken", now=now, due_at=now)
    assert ((await ready(http))[0], f'healthy{{job="{job}"}} 0' in (await http.get("/metrics")).text) == (
        503,
        True,
    )
    async with resources.database.transaction() as connection:
        await note_success(connection, job, now=now, due_at=now)
    assert (await ready(http))[0] == 200


@pytest.mark.parametrize(("late", "status"), [(timedelta(hours=1), 200), (timedelta(days=3), 503)])
@pytest.mark.usefixtures("worked")
async def test_a_day_without_retention_is_told_and_more_is_red(
    http: AsyncClient, resources: Resources, late: timedelta, status: int
) -> None:
    then = datetime.now(UTC) - late
    async with resources.database.transaction() as connection:
        await note_success(connection, retention.JOB.name, now=then, due_at=then)
    found, told = await ready(http)
    assert (found, told["status"]) == (status, "warn" if status == 200 else "fail")
