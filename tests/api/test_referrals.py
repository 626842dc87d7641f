"""The main job: a school refers, and everyone concerned reads it again."""

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient

Json = dict[str, Any]
MakeKey = Callable[..., Awaitable[str]]

pytestmark = pytest.mark.usefixtures("directory")


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def test_a_decision_is_made_and_nothing_is_stored(school: AsyncClient, body: Json) -> None:
    answer = await school.post("/v1/decisions", json=body)
    assert answer.status_code == 200, answer.text
    assert {route["problemDomain"] for route in answer.json()["routes"]} == {"mental_health", "debts"}
    assert (await school.get("/v1/referrals")).json() == {"items": []}


async def test_the_same_request_gives_the_same_bytes(school: AsyncClient, body: Json) -> None:
    first, second = [await school.post("/v1/decisions", json=body) for _ in range(2)]
    assert first.content == second.content


async def test_a_change_of_the_directory_is_seen_by_the_next_request(
    school: AsyncClient, body: Json, make_key: MakeKey
) -> None:
    before = (await school.post("/v1/decisions", json=body)).json()["directory"]["edition"]
    await make_key("municipality", "0014", "desk")
    after = (await school.post("/v1/decisions", json=body)).json()["directory"]["edition"]
    assert after == before + 1


async def test_a_referral_is_stored_and_found_where_it_says(school: AsyncClient, body: Json) -> None:
    answer = await school.post("/v1/referrals", json=body)
    assert answer.status_code == 201, answer.text
    found = await school.get(answer.headers["location"])
    assert found.json() == answer.json()
    assert found.json()["sourceReference"] == "sis-2026-004711"


async def test_sent_again_it_is_the_same_referral(school: AsyncClient, body: Json) -> None:
    first = await school.post("/v1/referrals", json=body)
    again = await school.post("/v1/referrals", json=dict(reversed(body.items())))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["location"] == first.headers["location"]


async def test_the_same_reference_with_other_content_is_409(school: AsyncClient, body: Json) -> None:
    await school.post("/v1/referrals", json=body)
    answer = await school.post("/v1/referrals", json={**body, "problemDomains": ["housing"]})
    assert answer.status_code == 409
    assert answer.json()["type"].endswith(":source-reference-taken")


async def test_the_same_key_with_another_body_is_422(school: AsyncClient, body: Json) -> None:
    del body["sourceReference"]
    key = {"Idempotency-Key": "0f4c7d52"}
    assert (await school.post("/v1/referrals", json=body, headers=key)).status_code == 201
    assert (await school.post("/v1/referrals", json=body, headers=key)).status_code == 200
    answer = await school.post("/v1/referrals", json={**body, "reason": "Other."}, headers=key)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith(":idempotency-key-reused")


async def test_acute_danger_needs_no_more_than_the_problem_and_the_referrer(school: AsyncClient) -> None:
    answer = await school.post(
        "/v1/referrals",
        json={
            "sourceReference": "acute-1",
            "problemDomains": ["mental_health"],
            "circumstances": {"acuteDanger": True},
            "referrer": {"name": "M. Voorbeeld"},
        },
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["decision"]["routes"][0]["provision"] == "emergency"


@pytest.mark.parametrize("told", [{}, {"wajong": None}, {"wajong": True}])
async def test_absent_null_and_value_are_kept_apart(school: AsyncClient, body: Json, told: Json) -> None:
    created = await school.post("/v1/referrals", json={**body, "circumstances": told})
    receipt = await school.get(f"{created.headers['location']}/receipt")
    assert receipt.json()["facts"]["circumstances"] == told


async def test_a_merged_municipality_is_carried_over_and_warned_of(school: AsyncClient, body: Json) -> None:
    body["homeMunicipality"] = "Appingedam"
    answer = await school.post("/v1/decisions", json=body)
    assert "MUNICIPALITY_MERGED" in [warning["code"] for warning in answer.json()["warnings"]]
    assert "Eemsdelta" in answer.text


async def test_pages_follow_each_other_and_end(school: AsyncClient, body: Json) -> None:
    for number in range(5):
        created = await school.post("/v1/referrals", json={**body, "sourceReference": f"page-{number}"})
        assert created.status_code == 201
    seen, url = [], "/v1/referrals?limit=2&status=open"
    while url:
        page = await school.get(url)
        assert page.status_code == 200, page.text
        seen += [item["sourceReference"] for item in page.json()["items"]]
        link = page.headers.get("link", "")
        assert not link or link.endswith('>; rel="next"')
        url = link.partition(">")[0].removeprefix("<")
    assert seen == [f"page-{number}" for number in range(5)]


@pytest.mark.parametrize("path", ["/v1/referrals", "/v1/handovers"])
async def test_every_row_is_seen_once_while_others_are_added(
    school: AsyncClient, body: Json, path: str
) -> None:
    numbers = itertools.count()
    body["problemDomains"] = ["debts"]

    async def add() -> None:
        created = await school.post("/v1/referrals", json={**body, "sourceReference": f"{next(numbers)}"})
        assert created.status_code == 201

    for _ in range(3):
        await add()
    seen: list[str] = []
    url = f"{path}?limit=2"
    while url and len(seen) < 20:
        if len(seen) < 6:
            await add()
        page = await school.get(url)
        seen += [item["id"] for item in page.json()["items"]]
        url = page.headers.get("link", "").partition(">")[0].removeprefix("<")
    everything = (await school.get(f"{path}?limit=100")).json()["items"]
    assert seen == [item["id"] for item in everything]
    assert len(seen) > 5


@pytest.mark.parametrize("host", ["kanarie9137.example", "kanarie9137.example:99", "kanarie/9137?", ""])
async def test_what_stands_in_host_never_becomes_a_link(school: AsyncClient, body: Json, host: str) -> None:
    named = {"Host": host, "X-Forwarded-Host": "kanarie9137.example", "Forwarded": "host=kanarie9137"}
    for number in range(2):
        sent = {**body, "sourceReference": f"{number}"}
        created = await school.post("/v1/referrals", json=sent, headers=named)
        assert created.headers["location"].startswith("/v1/referrals/")
    page = await school.get("/v1/referrals?limit=1", headers=named)
    assert page.headers["link"].startswith("</v1/referrals?")
    assert "kanarie" not in f"{page.headers}{page.text}{created.headers}"


async def test_lists_are_filtered_by_day(school: AsyncClient, body: Json) -> None:
    await school.post("/v1/referrals", json=body)
    assert (await school.get("/v1/referrals?createdFrom=2026-01-01")).json()["items"]
    assert not (await school.get("/v1/referrals?createdTo=2026-01-01")).json()["items"]


async def test_the_receiving_team_reads_who_it_is_about(
    school: AsyncClient, http: AsyncClient, body: Json, make_key: MakeKey
) -> None:
    team = bearer(await make_key("municipality", "0166", "team", "desk"))
    created = (await school.post("/v1/referrals", json=body)).json()
    (listed, *_) = (await http.get("/v1/handovers?municipality=Kampen", headers=team)).json()["items"]
    assert listed["referralId"] == created["id"]
    assert "student" not in listed
    found = await http.get(f"/v1/handovers/{listed['id']}", headers=team)
    assert found.json()["student"]["surname"] == "Voorbeeld"
    assert (await http.get(f"/v1/referrals/{created['id']}", headers=team)).status_code == 403


async def test_foreign_and_missing_are_byte_equal(
    school: AsyncClient, http: AsyncClient, body: Json, make_key: MakeKey
) -> None:
    location = (await school.post("/v1/referrals", json=body)).headers["location"]
    foreign = bearer(await make_key("school", "00YY", "referrer"))
    missing = "/v1/referrals/01a1fdfa-4600-7966-82a4-f3301f248691"
    answers = [
        await http.get(path, headers=foreign)
        for path in (
            location,
            missing,
            f"{location}/receipt",
            "/v1/referrals/x",
            "/v1/handovers/9" + "9" * 40,
        )
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
