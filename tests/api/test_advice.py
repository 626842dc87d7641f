"""POST /v1/referrals/{id}/advice/{adviceId}: the referrer says what was done, and the referral follows."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from httpx import AsyncClient, Response

from app.schemas.stored import Referral

Json = dict[str, Any]
MakeKey = Callable[..., Awaitable[str]]

pytestmark = pytest.mark.usefixtures("directory")


@pytest.fixture
async def referral(school: AsyncClient, body: Json) -> Json:
    """An adult who goes to the GP: advice alone."""
    body["student"]["birthDate"] = "2000-05-15"
    body["problemDomains"] = ["mental_health"]
    answer = await school.post("/v1/referrals", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["advice"]
    return dict(answer.json())


async def mark(school: AsyncClient, referral: Json, advice: Json, action: str) -> Response:
    path = f"/v1/referrals/{referral['id']}/advice/{advice['id']}"
    return await school.post(path, json={"action": action})


async def events(owner: asyncpg.Connection, referral: Json) -> list[asyncpg.Record]:
    query = "SELECT * FROM event WHERE referral_id = $1 AND type = 'advice.done'"
    return list(await owner.fetch(query, UUID(referral["id"])))


@pytest.mark.parametrize("action", ["done", "not_needed"])
async def test_an_item_that_is_marked_has_that_status(
    school: AsyncClient, referral: Json, action: str
) -> None:
    answer = await mark(school, referral, referral["advice"][0], action)
    Referral.model_validate_json(answer.content)
    assert answer.json()["advice"][0]["status"] == action
    assert answer.json() == (await school.get(f"/v1/referrals/{referral['id']}")).json()


async def test_the_last_open_item_closes_the_referral(
    school: AsyncClient, referral: Json, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE handover SET status = 'completed'")
    statuses = [(await mark(school, referral, item, "done")).json()["status"] for item in referral["advice"]]
    assert statuses == ["open"] * (len(statuses) - 1) + ["closed"]


async def test_the_same_once_more_changes_and_tells_nothing(
    school: AsyncClient, referral: Json, owner: asyncpg.Connection
) -> None:
    first = await mark(school, referral, referral["advice"][0], "done")
    handled = await owner.fetchval("SELECT max(handled_at) FROM advice")
    again = await mark(school, referral, referral["advice"][0], "done")
    assert (again.content, again.status_code) == (first.content, 200)
    assert await owner.fetchval("SELECT max(handled_at) FROM advice") == handled
    assert len(await events(owner, referral)) == 1


async def test_the_event_says_who_did_it(
    school: AsyncClient, referral: Json, owner: asyncpg.Connection
) -> None:
    await mark(school, referral, referral["advice"][0], "not_needed")
    (event,) = await events(owner, referral)
    assert event["role"] == "referrer"
    assert event["actor_organisation_id"] == event["organisation_id"]
    assert event["correlation_id"]


async def test_the_other_word_replaces_the_earlier_one(
    school: AsyncClient, referral: Json, owner: asyncpg.Connection
) -> None:
    await mark(school, referral, referral["advice"][0], "done")
    answer = await mark(school, referral, referral["advice"][0], "not_needed")
    assert answer.json()["advice"][0]["status"] == "not_needed"
    assert len(await events(owner, referral)) == 2


async def test_advice_of_another_referral_and_missing_advice_are_not_found_alike(
    school: AsyncClient, referral: Json, body: Json, make_key: MakeKey
) -> None:
    other = (await school.post("/v1/referrals", json=body | {"sourceReference": "other"})).json()
    answers = [await mark(school, other, item, "done") for item in (referral["advice"][0], {"id": uuid4()})]
    school.headers["Authorization"] = f"Bearer {await make_key('school', '00ZY', 'referrer')}"
    answers.append(await mark(school, referral, referral["advice"][0], "done"))
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.content for answer in answers}) == 1
