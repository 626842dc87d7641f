"""A refusal before anybody was told anything leaves the fact of the talk alone (LAW E-17, E-18)."""

from datetime import date
from typing import Any, Final

import asyncpg
import pytest

from tests.api.parties import Parties, TickingClock

Json = dict[str, Any]

REFUSAL: Final = {
    "givenBy": "student",
    "givenOn": "2026-05-14",
    "purpose": "referral",
    "recipients": "all",
    "refused": True,
}


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(date(2026, 5, 14))


@pytest.fixture
def body(body: Json) -> Json:
    """Help at home for one of 17 in Kampen, who was not asked for consent yet."""
    return {**body, "problemDomains": ["family_parenting"], "consents": []}


async def destroyed(owner: asyncpg.Connection) -> bool:
    query = "SELECT identity IS NULL AND reason IS NULL AND wrapped_key IS NULL FROM referral"
    return bool(await owner.fetchval(query))


def advised(referral: Json) -> list[tuple[str, str]]:
    return [(item["kind"], item["status"]) for item in referral["advice"]]


async def test_what_nobody_was_told_is_destroyed_when_the_student_refuses(
    parties: Parties, body: Json, owner: asyncpg.Connection
) -> None:
    referral = await parties.refer(body)
    assert not await destroyed(owner)
    after = await parties.tell(referral["id"], "consents", {"consents": [REFUSAL]})
    assert (after["status"], after["decision"], after["sourceReference"]) == ("withdrawn", None, None)
    assert after["erasedAt"]
    assert await destroyed(owner)


async def test_a_refusal_that_is_sent_along_stores_that_a_talk_took_place(
    parties: Parties, body: Json, owner: asyncpg.Connection
) -> None:
    after = await parties.refer({**body, "consents": [REFUSAL]})
    assert (after["status"], [h["status"] for h in after["handovers"]]) == ("withdrawn", ["withdrawn"])
    assert after["erasedAt"]
    assert await destroyed(owner)
    assert {event["type"] for event in await parties.told("kampen")} == {"directory.changed"}


@pytest.mark.parametrize("later", [False, True])
async def test_advice_alone_is_destroyed_too_when_the_student_refuses(
    parties: Parties, body: Json, owner: asyncpg.Connection, *, later: bool
) -> None:
    body = {**body, "problemDomains": ["physical_health"]}
    referral = await parties.refer(body if later else {**body, "consents": [REFUSAL]})
    if later:
        referral = await parties.tell(referral["id"], "consents", {"consents": [REFUSAL]})
    assert (referral["status"], referral["handovers"]) == ("closed", [])
    assert "open" not in dict(advised(referral)).values()
    assert referral["erasedAt"]
    assert await destroyed(owner)


async def test_where_the_student_was_advised_to_go_and_went_is_kept(
    parties: Parties, body: Json, owner: asyncpg.Connection
) -> None:
    referral = await parties.refer({**body, "problemDomains": ["physical_health"]})
    path = f"/v1/referrals/{referral['id']}/advice/{referral['advice'][0]['id']}"
    assert (await parties.ask("school", "POST", path, {"action": "done"})).is_success
    await parties.tell(referral["id"], "consents", {"consents": [REFUSAL]})
    assert not await destroyed(owner)


async def test_what_is_for_another_receiver_goes_on_beside_a_refusal(
    parties: Parties, body: Json, owner: asyncpg.Connection
) -> None:
    given = {**REFUSAL, "refused": False, "givenOn": "2026-05-13"}
    consents = [given, {**REFUSAL, "recipients": ["neighbourhood_team"]}]
    domains = ["debts", "family_parenting"]
    after = await parties.refer({**body, "problemDomains": domains, "consents": consents})
    assert sorted(h["status"] for h in after["handovers"]) == ["offered", "withdrawn"]
    assert (after["erasedAt"], await destroyed(owner)) == (None, False)


async def test_a_refusal_for_one_kind_of_receiver_leaves_what_another_waits_for(
    parties: Parties, body: Json
) -> None:
    given = {**REFUSAL, "refused": False, "recipients": ["neighbourhood_team"], "givenOn": "2026-05-13"}
    domains = ["debts", "family_parenting"]
    referral = await parties.refer({**body, "problemDomains": domains, "consents": [given]})
    refusal = {**REFUSAL, "recipients": ["gp"]}
    after = await parties.tell(referral["id"], "consents", {"consents": [refusal]})
    found = {h["team"]["kind"]: h["status"] for h in after["handovers"]}
    assert found == {"neighbourhood_team": "offered", "debt_service": "needs_consent"}


@pytest.mark.parametrize("later", [False, True])
async def test_nobody_is_advised_to_go_where_the_student_refuses(
    parties: Parties, body: Json, *, later: bool
) -> None:
    """What needs no consent stays: the report of violence (LAW E-11, E-18)."""
    given = {**REFUSAL, "refused": False, "givenOn": "2026-05-13"}
    domains = ["safety_violence", "mental_health"]
    consents = [given] if later else [given, REFUSAL]
    referral = await parties.refer({**body, "problemDomains": domains, "consents": consents})
    if later:
        assert ("gp", "open") in advised(referral)
        referral = await parties.tell(referral["id"], "consents", {"consents": [REFUSAL]})
    assert {kind for kind, status in advised(referral) if status == "open"} == {"veilig_thuis"}


async def test_advice_for_another_receiver_goes_on_beside_a_refusal(parties: Parties, body: Json) -> None:
    given = {**REFUSAL, "refused": False, "givenOn": "2026-05-13"}
    referral = await parties.refer({**body, "problemDomains": ["physical_health"], "consents": [given]})
    refusal = {**REFUSAL, "recipients": ["gp"]}
    after = await parties.tell(referral["id"], "consents", {"consents": [refusal]})
    assert sorted(advised(after)) == [("gp", "not_needed"), ("jgz", "open")]


async def test_advice_after_a_rejection_ends_with_consent(parties: Parties, body: Json) -> None:
    given = {**REFUSAL, "refused": False, "givenOn": "2026-05-13"}
    id = await parties.offered({**body, "consents": [given]})
    to = {"kind": "health_insurer"}
    await parties.step("kampen", id, "reject", reason="other_law", responsibleBody=to)
    referral = await parties.referral(id)
    assert ("open" in dict(advised(referral)).values(), referral["status"]) == (True, "open")
    after = await parties.tell(referral["id"], "consents", {"consents": [REFUSAL]})
    assert "open" not in dict(advised(after)).values()


async def test_what_somebody_was_offered_before_is_kept_for_the_school_alone(
    parties: Parties, body: Json, owner: asyncpg.Connection
) -> None:
    given = {**REFUSAL, "refused": False, "givenOn": "2026-05-13"}
    referral = await parties.refer({**body, "consents": [given]})
    after = await parties.tell(referral["id"], "consents", {"consents": [REFUSAL]})
    assert (after["status"], after["erasedAt"]) == ("withdrawn", None)
    assert not await destroyed(owner)


async def test_the_ledger_knows_of_it_so_that_no_backup_brings_it_back(parties: Parties, body: Json) -> None:
    after = await parties.refer({**body, "consents": [REFUSAL]})
    told = [entry for entry, _ in parties.resources.ledger.entries()]
    assert (str(told[-1].referral_id), told[-1].because) == (after["id"], "consent_refused")
