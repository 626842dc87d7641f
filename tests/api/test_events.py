"""The feed over the API: a client keeps up by the cursor of each answer, and hears when to start anew."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from app.api.pages import read_place, write_cursor
from app.resources import Resources
from app.services.feed import Place
from app.services.numbering import number_events

Json = dict[str, Any]
pytestmark = pytest.mark.usefixtures("directory")


async def submit(school: AsyncClient, body: Json, resources: Resources, reference: str) -> Json:
    answer = await school.post("/v1/referrals", json={**body, "sourceReference": reference})
    async with resources.database.transaction() as connection:
        await number_events(connection)
    return dict(answer.json())


async def read(client: AsyncClient, cursor: str | None = None) -> Json:
    answer = await client.get("/v1/events", params={"cursor": cursor} if cursor else {})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_client_keeps_up_by_the_cursor_of_each_answer(
    school: AsyncClient, body: Json, resources: Resources
) -> None:
    await submit(school, body, resources, "first")
    first = await read(school)
    nothing = await read(school, first["cursor"])
    assert nothing == {"items": [], "cursor": first["cursor"]}
    await submit(school, body, resources, "second")
    types = [item["type"] for item in (await read(school, nothing["cursor"]))["items"]]
    assert types[:2] == ["referral.created", "referral.decided"]


async def test_before_anything_happened_there_is_a_cursor_too(
    school: AsyncClient, body: Json, resources: Resources
) -> None:
    nothing = await read(school)
    assert nothing["items"] == []
    await submit(school, body, resources, "first")
    assert (await read(school, nothing["cursor"]))["items"] == (await read(school))["items"] != []


async def test_the_next_page_is_linked_while_there_is_one(
    school: AsyncClient, body: Json, resources: Resources
) -> None:
    await submit(school, body, resources, "first")
    seen, path = [], "/v1/events?limit=2"
    while path:
        answer = await school.get(path)
        seen += [item["id"] for item in answer.json()["items"]]
        path = answer.links.get("next", {}).get("url", "")
    assert seen == [item["id"] for item in (await read(school))["items"]]


async def test_a_cursor_of_events_that_are_no_more_is_gone(
    school: AsyncClient, body: Json, resources: Resources
) -> None:
    await submit(school, body, resources, "first")
    place = read_place((await read(school))["cursor"])
    for gone in (Place(place.number, uuid4()), Place(2**63 - 1, place.id)):
        answer = await school.get("/v1/events", params={"cursor": write_cursor(gone)})
        assert (answer.status_code, answer.json()["type"]) == (
            410,
            "urn:problem-type:verwijsroute:cursor-gone",
        )


async def test_a_cursor_that_is_none_is_refused(school: AsyncClient) -> None:
    for cursor in ("", "A", "A" * 31, "A" * 33, "_" * 32):
        assert (await school.get("/v1/events", params={"cursor": cursor})).status_code == 400, cursor


async def test_the_history_of_a_foreign_handover_and_of_none_are_not_found_alike(
    school: AsyncClient, make_key: Any, body: Json, resources: Resources
) -> None:
    handover = (await submit(school, body, resources, "first"))["handovers"][0]["id"]
    assert (await school.get(f"/v1/handovers/{handover}/events")).json()["items"][0]["handoverId"] == handover
    foreign = {"Authorization": f"Bearer {await make_key('school', '00ZY', 'referrer')}"}
    answers = [
        await school.get(f"/v1/handovers/{id}/events", headers=foreign) for id in (handover, uuid4(), "x")
    ]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.content for answer in answers}) == 1
