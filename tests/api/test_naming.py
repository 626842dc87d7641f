"""A municipality is answered with its code and its name, wherever it stands (CONTRACT 1)."""

from typing import Any

import pytest
from httpx import AsyncClient

Json = dict[str, Any]
KAMPEN = {"code": "0166", "name": "Kampen"}

pytestmark = pytest.mark.usefixtures("teams", "directory")


@pytest.fixture
async def teams(make_key: Any) -> Json:
    """The key of Kampen, which therefore works with the service."""
    return {"Authorization": f"Bearer {await make_key('municipality', '0166', 'team', 'desk')}"}


@pytest.fixture
async def referral(school: AsyncClient, body: Json) -> Json:
    created: Json = (await school.post("/v1/referrals", json=body)).json()
    return created


def municipalities(*handovers: Json) -> list[Any]:
    return [handover["responsibleMunicipality"] for handover in handovers]


async def test_every_answer_names_the_responsible_municipality(
    school: AsyncClient, referral: Json, body: Json
) -> None:
    place = f"/v1/referrals/{referral['id']}"
    told = (await school.post(f"{place}/facts", json={"referenceDate": "2026-05-13"})).json()
    consented = (await school.post(f"{place}/consents", json={"consents": body["consents"]})).json()
    listed = (await school.get("/v1/handovers")).json()["items"]
    one = (await school.get(f"/v1/handovers/{listed[0]['id']}")).json()
    read = (await school.get(place)).json()
    answers = [referral, told, consented, read, {"handovers": listed}, {"handovers": [one]}]
    for answer in answers:
        assert municipalities(*answer["handovers"]) == [KAMPEN] * len(answer["handovers"])


async def test_a_step_and_the_advice_that_follows_it_name_their_municipality(
    school: AsyncClient, teams: Json, referral: Json
) -> None:
    handover = referral["handovers"][0]
    path = f"/v1/handovers/{handover['id']}/transitions"
    said = {**teams, "If-Match": "*"}
    seen = await school.post(path, json={"action": "acknowledge"}, headers=said)
    assert municipalities(seen.json()) == [KAMPEN]
    step = {
        "action": "reject",
        "reason": "other_municipality",
        "responsibleBody": {"kind": "municipality", "municipality": "Tubbergen"},
    }
    assert (await school.post(path, json=step, headers=said)).is_success
    read = (await school.get(f"/v1/referrals/{referral['id']}")).json()
    named = {advice["precededBy"]: advice["municipality"] for advice in read["advice"]}
    assert named == {None: None, handover["id"]: {"code": "0183", "name": "Tubbergen"}}
