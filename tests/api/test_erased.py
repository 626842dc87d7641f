"""What was erased: a tombstone for everybody whose it was, and nothing that names or moves it any more."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import select

from app.models import Advice, Decision, Handover, Referral
from app.models.columns import kept_tables
from app.services.erasing import erase_referral
from tests.api.parties import Parties, TickingClock

Json = dict[str, Any]

DAY: Final = date(2026, 5, 14)
REASON: Final = "erased"


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(DAY)


@pytest.fixture
async def referral(parties: Parties, body: Json) -> Json:
    return await parties.refer({**body, "problemDomains": ["family_parenting"]})


async def erase(parties: Parties, id: str, because: str = "request") -> bool:
    held = parties.resources
    async with held.database.transaction() as connection:
        return await erase_referral(connection, held.ledger, UUID(id), held.clock.now(), because)


async def read(parties: Parties, path: str, who: str = "school") -> Json:
    answer = await parties.ask(who, "GET", path)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_nothing_sealed_and_no_index_stays_in_its_rows(parties: Parties, referral: Json) -> None:
    [handover] = referral["handovers"]
    await parties.step("kampen", handover["id"], "ask", question="Kent u de ouders?")
    assert await erase(parties, referral["id"])
    async with parties.resources.database.transaction() as connection:
        for table in (Referral, Decision, Handover, Advice):
            for row in (await connection.execute(select(table))).mappings():
                assert not [name for name, value in row.items() if isinstance(value, bytes | memoryview)]


async def test_what_the_registry_says_goes_is_gone(parties: Parties, referral: Json) -> None:
    [handover] = referral["handovers"]
    await parties.step("kampen", handover["id"], "ask", question="Kent u de ouders?")
    await erase(parties, referral["id"])
    left = []
    async with parties.resources.database.transaction() as connection:
        for table in (Referral, Decision, Handover, Advice):
            kept = kept_tables()[table.__tablename__].columns
            for row in (await connection.execute(select(table))).mappings():
                left += [name for name, value in row.items() if kept[name].erasure != "kept" and value]
    assert left == []


async def test_the_referrer_reads_a_tombstone(parties: Parties, referral: Json) -> None:
    await erase(parties, referral["id"])
    found = await read(parties, f"/v1/referrals/{referral['id']}")
    assert found["erasedAt"]
    assert (found["decision"], found["sourceReference"], found["status"]) == (None, None, "withdrawn")
    [handover] = found["handovers"]
    assert (handover["routes"], handover["notes"], handover["availableActions"]) == ([], [], [])


async def test_it_stands_in_lists_without_its_reference(parties: Parties, referral: Json) -> None:
    await erase(parties, referral["id"])
    [item] = (await read(parties, "/v1/referrals"))["items"]
    assert (item["id"], item["sourceReference"]) == (referral["id"], None)
    assert item["erasedAt"]
    [handover] = (await read(parties, "/v1/handovers", "kampen"))["items"]
    assert handover["erasedAt"] == item["erasedAt"]


@pytest.mark.parametrize(("steps", "status"), [((), "withdrawn"), (("accept",), "stopped")])
async def test_what_was_open_ends_for_its_team_with_a_reason(
    parties: Parties, referral: Json, steps: tuple[str, ...], status: str
) -> None:
    [handover] = referral["handovers"]
    for step in steps:
        await parties.step("kampen", handover["id"], step)
    await erase(parties, referral["id"])
    found = await parties.read("kampen", handover["id"])
    assert (found["status"], found["statusReason"], found["routes"]) == (status, REASON, [])
    assert "student" not in found


async def test_everybody_who_held_it_is_told(parties: Parties, referral: Json) -> None:
    await erase(parties, referral["id"])
    assert await told(parties, "kampen") == ["handover.offered", "handover.withdrawn", "referral.erased"]
    erased = [event for event in await parties.told("school") if event["type"] == "referral.erased"]
    assert [event["handoverId"] for event in erased] == [None, referral["handovers"][0]["id"]]


async def told(parties: Parties, who: str) -> list[str]:
    types = [event["type"] for event in await parties.told(who)]
    return [type for type in types if type != "directory.changed"]


async def test_who_waited_for_consent_hears_nothing(parties: Parties, body: Json) -> None:
    consents: list[Json] = []
    waiting = await parties.refer({**body, "problemDomains": ["family_parenting"], "consents": consents})
    assert [one["status"] for one in waiting["handovers"]] == ["needs_consent"]
    await erase(parties, waiting["id"], "consent_refused")
    assert await told(parties, "kampen") == []
    [handover] = (await read(parties, f"/v1/referrals/{waiting['id']}"))["handovers"]
    assert (handover["status"], handover["statusReason"]) == ("withdrawn", "consent_refused")


async def test_it_has_no_receipt_any_more(parties: Parties, referral: Json) -> None:
    await erase(parties, referral["id"])
    assert (await parties.ask("school", "GET", f"/v1/referrals/{referral['id']}/receipt")).status_code == 404


@pytest.mark.parametrize(
    ("path", "told"),
    [("facts", {"circumstances": {"homeless": False}}), ("consents", None)],
)
async def test_it_cannot_be_changed(
    parties: Parties, body: Json, referral: Json, path: str, told: Json | None
) -> None:
    await erase(parties, referral["id"])
    answer = await parties.ask(
        "school",
        "POST",
        f"/v1/referrals/{referral['id']}/{path}",
        told or {"consents": body["consents"]},
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:problem-type:verwijsroute:erased")


async def test_no_step_is_left(parties: Parties, referral: Json) -> None:
    [handover] = referral["handovers"]
    await parties.step("kampen", handover["id"], "accept")
    await erase(parties, referral["id"])
    answer = await parties.send("school", handover["id"], {"action": "reopen", "reason": "need_returned"})
    assert (answer.status_code, answer.json()["availableActions"]) == (409, [])


async def test_no_clock_runs_on(parties: Parties, clock: TickingClock, referral: Json) -> None:
    await erase(parties, referral["id"])
    before = await parties.read("school", referral["handovers"][0]["id"])
    clock.day = date(2027, 5, 14)
    await parties.run_clocks()
    assert await parties.read("school", referral["handovers"][0]["id"]) == before


async def test_neither_its_reference_nor_its_student_number_finds_it(
    parties: Parties, referral: Json
) -> None:
    await erase(parties, referral["id"])
    for sought in ({"sourceReference": "sis-2026-004711"}, {"studentNumber": "S0012345"}):
        answer = await parties.ask("school", "POST", "/v1/referrals/_search", sought)
        assert answer.json()["items"] == []


async def test_a_retry_with_its_key_brings_nobody_back(parties: Parties, body: Json) -> None:
    key = "7f0c2f1e-6e3d-4c1a-9f7a-0d3f3b8c1a2b"
    first = await parties.ask("school", "POST", "/v1/referrals", body, Idempotency_Key=key)
    await erase(parties, first.json()["id"])
    again = await parties.ask("school", "POST", "/v1/referrals", body, Idempotency_Key=key)
    assert (again.status_code, again.json()["id"], again.json()["decision"]) == (
        200,
        first.json()["id"],
        None,
    )


async def test_its_reference_makes_a_new_referral(parties: Parties, body: Json) -> None:
    first = await parties.refer(body)
    await erase(parties, first["id"])
    assert (await parties.refer(body))["id"] != first["id"]


async def test_it_is_erased_once(parties: Parties, referral: Json) -> None:
    assert await erase(parties, referral["id"])
    assert not await erase(parties, referral["id"])
    assert len(list(parties.resources.ledger.entries())) == 1


async def test_another_referral_of_the_same_student_stays(parties: Parties, body: Json) -> None:
    other = await parties.refer({**body, "sourceReference": "sis-2"})
    gone = await parties.refer(body)
    await erase(parties, gone["id"])
    assert await read(parties, f"/v1/referrals/{other['id']}") == other
