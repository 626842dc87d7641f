"""What a team hands on falls under the decision of now, not under the one that it accepted (CONTRACT 5)."""

from typing import Any

import pytest
from httpx import AsyncClient

Json = dict[str, Any]
BIRTHDAY = {"referenceDate": "2026-05-15"}
MOVED = {"homeMunicipality": "Hardenberg", "student": {"postcode": "7772AB"}}

pytestmark = pytest.mark.usefixtures("kampen", "hardenberg", "directory")


@pytest.fixture
async def kampen(make_key: Any) -> Json:
    return {"Authorization": f"Bearer {await make_key('municipality', '0166', 'team', 'desk')}"}


@pytest.fixture
async def hardenberg(make_key: Any) -> Json:
    return {"Authorization": f"Bearer {await make_key('municipality', '0160', 'team', 'desk')}"}


async def handed_on(school: AsyncClient, kampen: Json, body: Json, facts: Json, team: str) -> Json:
    """The successor of what Kampen's neighbourhood team accepted, handed on after new facts."""
    referral = (await school.post("/v1/referrals", json=body)).json()
    of_team = (h for h in referral["handovers"] if h["team"]["teamId"] == "kampen-wijkteam")
    path = f"/v1/handovers/{next(of_team)['id']}"
    steps: list[Json] = [{"action": "accept"}, {"action": "redirect", "team": team}]
    for step in steps:
        answer = await school.post(f"{path}/transitions", json=step, headers={**kampen, "If-Match": "*"})
        assert answer.status_code == 200, answer.text
        if step["action"] == "accept":
            told = await school.post(f"/v1/referrals/{referral['id']}/facts", json=facts)
            assert told.json()["decisionVersion"] == 2
    successor: Json = (await school.get(f"/v1/handovers/{answer.json()['succeededBy']}")).json()
    return successor


async def test_after_the_birthday_it_is_handed_on_under_the_next_act(
    school: AsyncClient, kampen: Json, body: Json
) -> None:
    body["problemDomains"] = ["housing"]
    successor = await handed_on(school, kampen, body, BIRTHDAY, "kampen-wmo-loket")
    assert successor["provisions"] == [route["provision"] for route in successor["routes"]] == ["wmo"]


async def test_the_report_of_unsafety_alone_is_not_handed_on_with_it(
    school: AsyncClient, kampen: Json, body: Json
) -> None:
    body["problemDomains"] = ["safety_violence"]
    successor = await handed_on(school, kampen, body, BIRTHDAY, "kampen-wmo-loket")
    assert "vt" not in successor["provisions"]


async def test_after_a_move_it_is_handed_on_as_the_task_of_the_new_municipality(
    school: AsyncClient, kampen: Json, body: Json
) -> None:
    body["problemDomains"] = ["housing"]
    successor = await handed_on(school, kampen, body, MOVED, "hardenberg-wijkteam")
    assert successor["responsibleMunicipality"] == {"code": "0160", "name": "Hardenberg"}
    assert successor["provisions"] == ["jw"]


async def test_without_new_facts_it_is_handed_on_as_it_was_accepted(
    school: AsyncClient, kampen: Json, body: Json
) -> None:
    same = {"circumstances": {"homeless": False}}
    body["problemDomains"] = ["housing"]
    successor = await handed_on(school, kampen, body, same, "kampen-wmo-loket")
    assert successor["provisions"] == ["jw"]
