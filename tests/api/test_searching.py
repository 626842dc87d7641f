"""POST /v1/referrals/_search: one's own referrals by what may stand in no address."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient

from app.schemas.stored import ReferralList

Json = dict[str, Any]
MakeKey = Callable[..., Awaitable[str]]

pytestmark = pytest.mark.usefixtures("directory")


async def refer(school: AsyncClient, body: Json, **changes: Any) -> Json:
    answer = await school.post("/v1/referrals", json={**body, **changes})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def found(school: AsyncClient, **wanted: Any) -> list[Json]:
    answer = await school.post("/v1/referrals/_search", json=wanted)
    assert answer.status_code == 200, answer.text
    ReferralList.model_validate_json(answer.content)
    return list(answer.json()["items"])


async def test_a_source_reference_finds_its_referral_as_a_list_shows_it(
    school: AsyncClient, body: Json
) -> None:
    await refer(school, body)
    await refer(school, body, sourceReference="another")
    (listed, _) = (await school.get("/v1/referrals")).json()["items"]
    assert await found(school, sourceReference=listed["sourceReference"]) == [listed]


async def test_a_student_number_finds_all_of_a_student_the_oldest_first(
    school: AsyncClient, body: Json
) -> None:
    made = [(await refer(school, body, sourceReference=f"sis-{n}"))["id"] for n in range(3)]
    await refer(school, body, sourceReference="other", student=body["student"] | {"studentNumber": "S9"})
    assert [item["id"] for item in await found(school, studentNumber="S0012345")] == sorted(made)


@pytest.mark.parametrize("wanted", [{"sourceReference": "sis-2026-004711"}, {"studentNumber": "S0012345"}])
async def test_another_school_finds_nothing_with_the_same(
    school: AsyncClient, body: Json, make_key: MakeKey, wanted: Json
) -> None:
    await refer(school, body)
    assert await found(school, **wanted) != []
    school.headers["Authorization"] = f"Bearer {await make_key('school', '00ZY', 'referrer')}"
    assert await found(school, **wanted) == []


async def test_a_student_number_that_is_told_later_is_found(school: AsyncClient, body: Json) -> None:
    made = await refer(school, body)
    told = {"student": {"studentNumber": "S7"}, "circumstances": {"single": False}}
    assert (await school.post(f"/v1/referrals/{made['id']}/facts", json=told)).status_code == 200
    assert await found(school, studentNumber="S0012345") == []
    assert [item["id"] for item in await found(school, studentNumber="S7")] == [made["id"]]


@pytest.mark.parametrize(
    "wanted", [{}, {"studentNumber": None}, {"sourceReference": "a", "studentNumber": "b"}]
)
async def test_neither_and_both_are_refused(school: AsyncClient, wanted: Json) -> None:
    answer = await school.post("/v1/referrals/_search", json=wanted)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "search.one")


async def test_nothing_of_what_is_searched_for_is_logged(
    school: AsyncClient, body: Json, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    await refer(school, body)
    await found(school, studentNumber="S0012345")
    assert "S0012345" not in caplog.text + "".join(capsys.readouterr())
