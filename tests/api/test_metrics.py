"""What Prometheus is told: counts by our own words, states, and nothing of what was sent."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient
from prometheus_client.parser import text_string_to_metric_families

from app.db import Database
from app.db.database import build_engine
from app.resources import Resources
from app.services.job_states import note_failure, note_success
from app.services.numbering import number_events

Labels = dict[str, str]
CANARY = "kanarie9137"


async def samples(http: AsyncClient) -> dict[str, list[tuple[Labels, float]]]:
    answer = await http.get("/metrics")
    assert answer.status_code == 200
    found: dict[str, list[tuple[Labels, float]]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((dict(sample.labels), sample.value))
    return found


async def value(http: AsyncClient, name: str) -> float:
    return (await samples(http))[name][0][1]


async def test_requests_are_counted_by_template_and_status(http: AsyncClient) -> None:
    for code in ("0193", "0166", "none"):
        await http.get(f"/v1/municipalities/{code}")
    counted = (await samples(http))["http_requests_total"]
    template = {"method": "GET", "handler": "/v1/municipalities/{code}"}
    assert ({**template, "status": "200"}, 2.0) in counted
    assert [labels["handler"] for labels, _ in counted] == [template["handler"]] * 2


@pytest.mark.usefixtures("directory")
async def test_nothing_that_was_sent_is_told(school: AsyncClient, body: dict[str, Any]) -> None:
    body["student"]["surname"] = CANARY
    await school.post("/v1/referrals", json=body)
    await school.get(f"/{CANARY}?{CANARY}={CANARY}", headers={CANARY: CANARY})
    await school.request(CANARY, "/v1/referrals")
    text = (await school.get("/metrics")).text
    assert CANARY not in text.lower()
    assert 'http_requests_total{handler="none",method="GET",status="404"} 1.0' in text
    assert 'method="other"' in text


async def test_the_pool_is_told_without_the_question_itself(http: AsyncClient, resources: Resources) -> None:
    async with resources.database.transaction():
        assert await value(http, "verwijsroute_database_pool_in_use") == 1
    assert await value(http, "verwijsroute_database_pool_in_use") == 0
    size = resources.settings.database_pool_size
    assert await value(http, "verwijsroute_database_pool_size") == size


async def test_edition_schema_and_days_of_the_law_are_told(http: AsyncClient, resources: Resources) -> None:
    left = (resources.rulebook.checked_until - resources.clock.today()).days
    assert await value(http, "verwijsroute_rulebook_days_left") == left
    assert await value(http, "verwijsroute_directory_edition") == 1
    assert await value(http, "verwijsroute_schema_ready") == 1


async def test_an_older_schema_is_told(http: AsyncClient, owner: asyncpg.Connection) -> None:
    at = await owner.fetchval("SELECT version_num FROM alembic_version")
    await owner.execute("UPDATE alembic_version SET version_num = '20261121first'")
    try:
        assert await value(http, "verwijsroute_schema_ready") == 0
        assert await value(http, "verwijsroute_database_up") == 1
    finally:
        await owner.execute("UPDATE alembic_version SET version_num = $1", at)


async def test_a_database_that_is_away_is_a_figure_and_no_error(
    http: AsyncClient, resources: Resources
) -> None:
    here = resources.database
    resources.database = Database(build_engine("postgresql://nobody@127.0.0.1:1/none", resources.settings))
    assert await value(http, "verwijsroute_database_up") == 0
    resources.database = here
    assert await value(http, "verwijsroute_database_up") == 1


async def test_how_far_numbering_is_behind_is_told(
    http: AsyncClient, resources: Resources, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE event SET at = now() - interval '90 seconds'")
    assert await value(http, "verwijsroute_events_unnumbered") == 1
    assert await value(http, "verwijsroute_events_unnumbered_seconds") == pytest.approx(90, abs=10)
    async with resources.database.transaction() as connection:
        await number_events(connection)
    assert await value(http, "verwijsroute_events_unnumbered") == 0
    assert await value(http, "verwijsroute_events_unnumbered_seconds") == 0


async def test_a_failing_job_turns_its_metric_red(http: AsyncClient, resources: Resources) -> None:
    now = resources.clock.now()
    async with resources.database.transaction() as connection:
        await note_success(connection, "sweep", now=now, due_at=now + timedelta(minutes=1))
    assert await value(http, "verwijsroute_worker_job_healthy") == 1
    async with resources.database.transaction() as connection:
        await note_failure(connection, "sweep", kind="KeyError", now=now, due_at=now)
    told = await samples(http)
    assert told["verwijsroute_worker_job_healthy"] == [({"job": "sweep"}, 0)]
    assert told["verwijsroute_worker_job_failures"] == [({"job": "sweep"}, 1)]
    (_, last) = told["verwijsroute_worker_job_last_success_timestamp_seconds"][0]
    assert last == pytest.approx(now.timestamp())
