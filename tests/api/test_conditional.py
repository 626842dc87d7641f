"""Reading again: a strong ETag on what is read one by one, 304 while it stays, never for another's."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient

from app.routing import load_rulebook

Json = dict[str, Any]
MakeKey = Callable[..., Awaitable[str]]

pytestmark = pytest.mark.usefixtures("directory")

RULE = load_rulebook().rules[0].id
OPEN = [
    *("/v1/openapi.json", "/v1/openapi.yaml", "/v1/municipalities", "/v1/municipalities/0193"),
    *("/v1/postcodes/8261", "/v1/rules", f"/v1/rules/{RULE}"),
]


@pytest.mark.parametrize("path", OPEN)
async def test_open_data_that_did_not_change_is_304(http: AsyncClient, path: str) -> None:
    first = await http.get(path)
    mark = first.headers["etag"]
    assert mark.startswith('"')
    for known in (mark, f"W/{mark}", f'"other", {mark}', "*"):
        again = await http.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["etag"] == mark
        assert again.headers["cache-control"] == "no-store"
        assert "content-length" not in again.headers
    for other in ('"other"', mark.strip('"'), "", f"{mark}x", "kanarie9137"):
        assert (await http.get(path, headers={"If-None-Match": other})).status_code == 200, other
    head = await http.head(path, headers={"If-None-Match": mark})
    assert head.status_code == 304


@pytest.fixture
async def team(make_key: MakeKey) -> dict[str, str]:
    """The receiving side; it works with the service before the referral is made."""
    return {"Authorization": f"Bearer {await make_key('municipality', '0166', 'team', 'desk')}"}


@pytest.fixture
async def location(school: AsyncClient, team: dict[str, str], body: Json) -> str:
    """A referral of the school that the team received."""
    assert team
    return str((await school.post("/v1/referrals", json=body)).headers["location"])


async def paths_of(school: AsyncClient, location: str) -> list[str]:
    handovers = (await school.get(location)).json()["handovers"]
    return [location, f"{location}/receipt", f"/v1/handovers/{handovers[0]['id']}"]


async def test_what_did_not_change_is_304_and_what_did_is_not(school: AsyncClient, location: str) -> None:
    paths = await paths_of(school, location)
    marks = {path: (await school.get(path)).headers["etag"] for path in paths}
    for path, mark in marks.items():
        assert (await school.get(path, headers={"If-None-Match": mark})).status_code == 304
    await school.post(f"{location}/facts", json={"homeMunicipality": "Dalfsen"})
    for path, mark in marks.items():
        assert (await school.get(path, headers={"If-None-Match": mark})).status_code == 200


async def test_the_mark_of_a_handover_begins_with_its_version(school: AsyncClient, location: str) -> None:
    *_, path = await paths_of(school, location)
    answer = await school.get(path)
    assert answer.headers["etag"].startswith(f'"{answer.json()["version"]}.')


async def test_nobody_learns_from_304_what_another_has(
    school: AsyncClient, location: str, make_key: MakeKey
) -> None:
    paths = await paths_of(school, location)
    marks = [(await school.get(path)).headers["etag"] for path in paths]
    foreign = {"Authorization": f"Bearer {await make_key('school', '00YY', 'referrer')}"}
    for path, mark in zip(paths, marks, strict=True):
        for known in (mark, "*"):
            answer = await school.get(path, headers={**foreign, "If-None-Match": known})
            assert answer.status_code == 404
            assert "etag" not in answer.headers
        nobody = {"Authorization": "", "If-None-Match": mark}
        assert (await school.get(path, headers=nobody)).status_code == 401


async def test_what_another_role_sees_has_another_mark(
    school: AsyncClient, location: str, team: dict[str, str]
) -> None:
    *_, path = await paths_of(school, location)
    mark = (await school.get(path)).headers["etag"]
    answer = await school.get(path, headers={**team, "If-None-Match": mark})
    assert answer.status_code == 200
    assert answer.json()["student"]
