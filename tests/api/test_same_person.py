"""The link to somebody whom a municipality helps already: it follows new facts, and no school notices."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient

from app.schemas.stored import Handover

Json = dict[str, Any]
MakeKey = Callable[..., Awaitable[str]]

pytestmark = pytest.mark.usefixtures("directory")


@pytest.fixture
async def desk(make_key: MakeKey) -> Json:
    return {"Authorization": f"Bearer {await make_key('municipality', '0166', 'team', 'desk')}"}


@pytest.fixture
async def other_school(make_key: MakeKey) -> Json:
    return {"Authorization": f"Bearer {await make_key('school', '00ZY', 'referrer')}"}


async def refer(http: AsyncClient, body: Json, **headers: Any) -> Json:
    answer = await http.post("/v1/referrals", json=body, **headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def links(http: AsyncClient, referral: Json, desk: Json) -> list[Json]:
    """What the municipality is told with the first handover of a referral."""
    answer = await http.get(f"/v1/handovers/{referral['handovers'][0]['id']}", headers=desk)
    Handover.model_validate_json(answer.content)
    return list(answer.json()["samePerson"])


async def test_a_school_is_answered_byte_for_byte_as_without_a_link(
    school: AsyncClient, body: Json, desk: Json, other_school: Json
) -> None:
    mine = await refer(school, body)
    paths = [f"/v1/referrals/{mine['id']}", f"/v1/handovers/{mine['handovers'][0]['id']}"]
    before = [(await school.get(path)).content for path in paths]
    assert await links(school, mine, desk) == []
    await refer(school, body, headers=other_school)
    assert await links(school, mine, desk) != []
    assert [(await school.get(path)).content for path in paths] == before


async def test_the_link_follows_what_is_told_later(
    school: AsyncClient, body: Json, desk: Json, other_school: Json
) -> None:
    mine = await refer(school, body)
    theirs = await refer(
        school, body | {"student": body["student"] | {"postcode": "8261ZZ"}}, headers=other_school
    )
    assert await links(school, mine, desk) == []
    told = {"student": {"postcode": "8261AA"}, "circumstances": {"single": False}}
    place = f"/v1/referrals/{theirs['id']}/facts"
    assert (await school.post(place, json=told, headers=other_school)).status_code == 200
    assert len(await links(school, mine, desk)) == len(theirs["handovers"])
