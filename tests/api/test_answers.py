"""Real answers have exactly the shape that the documentation promises."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient

from app.reference.cases import WorkedCase, worked_cases
from app.resources import Resources
from app.schemas.base import Shape
from app.schemas.decision import Decision
from app.schemas.problem import Problem
from app.schemas.reference import (
    MunicipalityItem,
    MunicipalityList,
    PostcodeItem,
    RuleItem,
    RuleList,
    YouthProtectionOrganisationList,
)
from app.schemas.stored import Handover, HandoverList, Receipt, Referral, ReferralList

Json = dict[str, Any]
MakeKey = Callable[..., Awaitable[str]]

pytestmark = pytest.mark.usefixtures("directory")


@pytest.mark.parametrize("case", worked_cases(), ids=lambda case: case.case_id)
async def test_worked_cases_are_answered_in_shape(school: AsyncClient, case: WorkedCase) -> None:
    sent = {**case.request(), "sourceReference": case.case_id}
    decision = await school.post("/v1/decisions", json=sent)
    assert decision.status_code == 200, decision.text
    Decision.model_validate_json(decision.content)
    referral = await school.post("/v1/referrals", json=sent)
    assert referral.status_code == 201, referral.text
    Referral.model_validate_json(referral.content)


async def test_what_was_stored_is_read_in_shape(school: AsyncClient, body: Json, make_key: MakeKey) -> None:
    team = {"Authorization": f"Bearer {await make_key('municipality', '0166', 'team', 'desk')}"}
    location = (await school.post("/v1/referrals", json=body)).headers["location"]
    Receipt.model_validate_json((await school.get(f"{location}/receipt")).content)
    assert ReferralList.model_validate_json((await school.get("/v1/referrals")).content).items
    for headers in ({}, team):
        listed = HandoverList.model_validate_json(
            (await school.get("/v1/handovers", headers=headers)).content
        )
        assert listed.items
        found = await school.get(f"/v1/handovers/{listed.items[0].id}", headers=headers)
        Handover.model_validate_json(found.content)


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/v1/municipalities", MunicipalityList),
        ("/v1/municipalities/0193", MunicipalityItem),
        ("/v1/postcodes/8261", PostcodeItem),
        ("/v1/youth-protection-organisations", YouthProtectionOrganisationList),
        ("/v1/youth-protection-organisations?validOn=2026-11-21", YouthProtectionOrganisationList),
        ("/v1/youth-protection-organisations?validOn=kanarie", Problem),
        ("/v1/rules", RuleList),
        ("/v1/nowhere", Problem),
        ("/v1/municipalities?x", Problem),
        ("/v1/municipalities/0000", Problem),
        ("/v1/municipalities/x%20y", Problem),
        ("/v1/postcodes/0000", Problem),
        ("/v1/postcodes/%00", Problem),
        ("/v1/rules/none.such", Problem),
    ],
)
async def test_open_data_is_answered_in_shape(http: AsyncClient, path: str, shape: type[Shape]) -> None:
    shape.model_validate_json((await http.get(path)).content)


async def test_every_rule_is_found_by_its_id(http: AsyncClient, resources: Resources) -> None:
    for rule in resources.rulebook.rules:
        found = await http.get(f"/v1/rules/{rule.id}")
        assert RuleItem.model_validate_json(found.content).id == rule.id


async def test_a_merged_code_gives_the_municipality_of_today(http: AsyncClient) -> None:
    assert (await http.get("/v1/municipalities/0003")).json()["name"] == "Eemsdelta"
