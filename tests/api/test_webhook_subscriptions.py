"""Subscriptions by HTTP: shown secrets, bounds, versions, and whose they are."""

from typing import Any

import pytest
from httpx import AsyncClient, Response

from app.resources import Resources
from app.services.clients import create_client, create_organisation
from app.services.subscriptions import AT_MOST
from tests.api.conftest import NOW, MakeKey

PATH = "/v1/webhook-subscriptions"
BODY: dict[str, Any] = {"url": "https://hooks.school.example/in", "eventTypes": ["handover.accepted"]}
NOBODYS = "01a1fdfa-4600-7966-82a4-f3301f248691"


async def made(client: AsyncClient, **headers: str) -> Response:
    answer = await client.post(PATH, json=BODY, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer


async def bearer(make_key: MakeKey, *whose: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {await make_key(*whose)}"}


async def test_the_secret_is_shown_once(school: AsyncClient) -> None:
    answer = await made(school)
    assert answer.json()["secret"].startswith("whsec_")
    read = await school.get(answer.headers["location"])
    assert read.json() == answer.json() | {"secret": None}
    assert read.headers["etag"] == answer.headers["etag"] == '"1"'
    assert (await school.get(PATH)).json()["items"] == [read.json()]


async def test_a_change_needs_the_version_and_shows_a_new_secret_once(school: AsyncClient) -> None:
    first = await made(school)
    place, body = first.headers["location"], BODY | {"eventTypes": [], "rotateSecret": True}
    assert (await school.put(place, json=body)).status_code == 428
    changed = await school.put(place, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json()["secret"] not in (None, first.json()["secret"])
    assert changed.json()["oldSecretUntil"] is not None
    assert (await school.put(place, json=BODY, headers={"If-Match": '"1"'})).status_code == 412
    calm = await school.put(place, json=BODY, headers={"If-Match": '"2"'})
    assert (calm.json()["secret"], calm.json()["version"]) == (None, 3)


async def test_an_organisation_may_stop_and_go_on(school: AsyncClient) -> None:
    place = (await made(school)).headers["location"]
    stopped = await school.put(place, json=BODY | {"status": "disabled"}, headers={"If-Match": '"1"'})
    assert (stopped.json()["status"], stopped.json()["disabledReason"]) == ("disabled", "by_client")
    assert (await school.post(f"{place}/test-deliveries")).status_code == 409
    active = await school.put(place, json=BODY, headers={"If-Match": '"2"'})
    assert (active.json()["status"], active.json()["disabledReason"]) == ("active", None)


async def test_what_is_ended_is_gone(school: AsyncClient) -> None:
    place = (await made(school)).headers["location"]
    await school.post(f"{place}/test-deliveries")
    assert (await school.delete(place)).status_code == 428
    assert (await school.delete(place, headers={"If-Match": '"1"'})).status_code == 204
    assert (await school.get(place)).status_code == 404


async def test_an_organisation_has_twenty_at_most(school: AsyncClient, make_key: MakeKey) -> None:
    for _ in range(AT_MOST):
        await made(school)
    refused = await school.post(PATH, json=BODY)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:problem-type:verwijsroute:too-many")
    await made(school, **await bearer(make_key, "school", "00ZY", "referrer"))


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.school.example/",
        "https://127.0.0.1/",
        "https://u:canary@h.example/",
        "https://h.example/?k=canary",
    ],
)
async def test_an_address_that_nothing_is_sent_to_is_refused_and_not_repeated(
    school: AsyncClient, url: str
) -> None:
    answer = await school.post(PATH, json={"url": url})
    assert answer.status_code == 400
    assert [fault["code"] for fault in answer.json()["errors"]] == ["url.refused"]
    assert "canary" not in answer.text


@pytest.mark.parametrize("way", ["get", "put", "delete", "deliveries", "delivery", "test-deliveries"])
async def test_what_is_of_another_organisation_is_as_if_it_were_not_there(
    school: AsyncClient, make_key: MakeKey, way: str
) -> None:
    own = (await made(school)).headers["location"]
    delivery = (await school.post(f"{own}/test-deliveries")).json()["id"]
    other = await bearer(make_key, "school", "00ZY", "referrer")

    async def ask(place: str) -> Response:
        headers = other | {"If-Match": "*"}
        match way:
            case "put":
                return await school.put(place, json=BODY, headers=headers)
            case "test-deliveries":
                return await school.post(f"{place}/{way}", headers=headers)
            case "deliveries":
                return await school.get(f"{place}/{way}", headers=headers)
            case "delivery":
                return await school.get(f"{place}/deliveries/{delivery}", headers=headers)
        return await school.request(way, place, headers=headers)

    foreign, missing = await ask(own), await ask(f"{PATH}/{NOBODYS}")
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert (await school.get(PATH, headers=other)).json()["items"] == []


async def test_a_key_for_one_team_sees_and_changes_nothing_that_is_told_more(
    http: AsyncClient, make_key: MakeKey, resources: Resources
) -> None:
    whole = await bearer(make_key, "municipality", "0166", "team")
    wide = await made(http, **whole)
    async with resources.database.transaction() as connection:
        organisation = await create_organisation(
            connection, kind="municipality", code="0166", name="K", now=NOW
        )
        key = await create_client(
            connection, organisation, label="", roles=frozenset({"team"}), now=NOW, team_ids=frozenset({"a"})
        )
    narrow = {"Authorization": f"Bearer {key}"}
    place = wide.headers["location"]
    assert (await http.get(place, headers=narrow)).status_code == 404
    assert (await http.put(place, json=BODY, headers=narrow | {"If-Match": "*"})).status_code == 404
    own = await made(http, **narrow)
    assert own.json()["teamIds"] == ["a"]
    assert (await http.get(own.headers["location"], headers=whole)).status_code == 200


async def test_the_operator_sees_whose_it_is_but_not_where_it_goes_and_changes_nothing(
    school: AsyncClient, make_key: MakeKey
) -> None:
    place = (await made(school)).headers["location"]
    operator = await bearer(make_key, "operator", "beheer", "operator")
    seen = (await school.get(place, headers=operator)).json()
    assert (seen["url"], seen["organisation"]["code"]) == (None, "00ZZ")
    both = await bearer(make_key, "operator", "beheer", "operator", "referrer")
    assert (await school.put(place, json=BODY, headers=both | {"If-Match": "*"})).status_code == 404
    assert (await school.post(f"{place}/test-deliveries", headers=both)).status_code == 404


async def test_a_test_is_listed_and_waits_for_the_worker(school: AsyncClient) -> None:
    place = (await made(school)).headers["location"]
    answer = await school.post(f"{place}/test-deliveries")
    assert (answer.status_code, answer.json()["status"], answer.json()["type"]) == (202, "pending", None)
    assert (await school.get(answer.headers["location"])).json() == answer.json()
    for _ in range(4):
        assert (await school.post(f"{place}/test-deliveries")).status_code == 202
    assert (await school.post(f"{place}/test-deliveries")).status_code == 409
    first = await school.get(f"{place}/deliveries?limit=3&status=pending")
    rest = await school.get(first.links["next"]["url"])
    ids = [item["id"] for page in (first, rest) for item in page.json()["items"]]
    assert len(set(ids)) == len(ids) == 5
    assert "next" not in rest.links


async def test_only_the_operator_skips_and_it_stands_on_record(
    school: AsyncClient, make_key: MakeKey
) -> None:
    place = (await made(school)).headers["location"]
    skip = f"{(await school.post(f'{place}/test-deliveries')).headers['location']}/skip"
    operator = await bearer(make_key, "operator", "beheer", "operator")
    assert (await school.post(skip)).status_code == 403
    skipped = (await school.post(skip, headers=operator)).json()
    assert (skipped["status"], skipped["attemptsMade"][-1]["answer"]) == ("skipped", "skipped")
    assert (await school.post(skip, headers=operator)).status_code == 409
    assert (await school.post(f"{place}/deliveries/{NOBODYS}/skip", headers=operator)).status_code == 404
