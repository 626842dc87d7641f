"""What was not committed was not answered, and a database that is away is no fault of the client."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.db import Database
from app.db.database import build_engine
from app.resources import Resources

Json = dict[str, Any]

pytestmark = pytest.mark.usefixtures("directory")

DEFERRED = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'kanarie9137'; END $$;
CREATE CONSTRAINT TRIGGER refused AFTER INSERT ON referral
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
"""
CLOSE_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'verwijsroute_service'
"""


@pytest.fixture
async def refusing_commit(owner: asyncpg.Connection) -> AsyncIterator[None]:
    """Every insert of a referral succeeds, and its commit fails."""
    await owner.execute(DEFERRED)
    yield
    await owner.execute("DROP TRIGGER refused ON referral; DROP FUNCTION refuse()")


@pytest.mark.usefixtures("refusing_commit")
async def test_a_commit_that_fails_is_no_201(
    school: AsyncClient, body: Json, owner: asyncpg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await school.post("/v1/referrals", json=body)
    assert answer.status_code == 500
    assert await owner.fetchval("SELECT count(*) FROM referral") == 0
    assert "kanarie9137" not in answer.text + capsys.readouterr().out


async def test_a_database_that_is_away_is_503_and_then_it_works_again(
    school: AsyncClient, resources: Resources, body: Json
) -> None:
    here = resources.database
    resources.database = Database(build_engine("postgresql://nobody@127.0.0.1:1/none", resources.settings))
    answer = await school.post("/v1/referrals", json=body)
    assert answer.status_code == 503
    assert answer.headers["retry-after"].isdigit()
    assert (await school.get("/healthz/ready")).status_code == 503
    resources.database = here
    assert (await school.post("/v1/referrals", json=body)).status_code == 201


async def test_connections_that_the_server_closed_are_replaced(
    school: AsyncClient, body: Json, owner: asyncpg.Connection
) -> None:
    await school.get("/v1/referrals")
    await owner.execute(CLOSE_CONNECTIONS)
    assert (await school.post("/v1/referrals", json=body)).status_code in {201, 503}
    assert (await school.post("/v1/referrals", json=body)).status_code in {200, 201}


async def test_liveness_does_not_ask_the_database(http: AsyncClient, app: FastAPI) -> None:
    app.state.resources = None
    assert (await http.get("/healthz/live")).json() == {"status": "pass"}
