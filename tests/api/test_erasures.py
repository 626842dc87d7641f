"""A school has what it referred of a person erased: all of it or nothing, and of nobody else."""

from datetime import date
from typing import Any, Final

import asyncpg
import pytest

from tests.api.parties import Parties, TickingClock

Json = dict[str, Any]

TODAY: Final = "2026-05-14"
KEY: Final = "7f0c2f1e-6e3d-4c1a-9f7a-0d3f3b8c1a2b"
ASKED: Final[Json] = {"studentNumber": "S0012345", "reason": "request", "requestedOn": "2026-05-11"}


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(date.fromisoformat(TODAY))


@pytest.fixture
def body(body: Json) -> Json:
    return {**body, "problemDomains": ["family_parenting"]}


@pytest.fixture
async def referral(parties: Parties, body: Json) -> Json:
    return await parties.refer(body)


async def ask(parties: Parties, who: str = "school", headers: Json | None = None, **asked: Any) -> Any:
    return await parties.ask(who, "POST", "/v1/erasures", {**ASKED, **asked}, **(headers or {}))


async def erased(parties: Parties, **asked: Any) -> list[str]:
    answer = await ask(parties, **asked)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["count"] == len(told["items"])
    return [item["referralId"] for item in told["items"]]


async def is_whole(parties: Parties, referral: Json) -> bool:
    answer = await parties.ask("school", "GET", f"/v1/referrals/{referral['id']}")
    return answer.json()["erasedAt"] is None


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


async def test_a_student_number_names_all_of_that_student(
    parties: Parties, body: Json, referral: Json
) -> None:
    nameless = {key: value for key, value in body["student"].items() if key != "studentNumber"}
    second = await parties.refer({**body, "sourceReference": "sis-2", "student": nameless})
    assert await erased(parties) == [referral["id"], second["id"]]


async def test_a_reference_names_its_student(parties: Parties, body: Json, referral: Json) -> None:
    second = await parties.refer({**body, "sourceReference": "sis-2"})
    found = await erased(parties, studentNumber=None, sourceReference="sis-2")
    assert found == [referral["id"], second["id"]]


async def test_an_id_names_one_referral(parties: Parties, body: Json, referral: Json) -> None:
    second = await parties.refer({**body, "sourceReference": "sis-2"})
    assert await erased(parties, studentNumber=None, referralId=second["id"]) == [second["id"]]
    assert await is_whole(parties, referral)


async def test_another_student_stays(parties: Parties, body: Json, referral: Json) -> None:
    other = {**body["student"], "studentNumber": "S2", "firstNames": "Noor"}
    noor = await parties.refer({**body, "sourceReference": "sis-2", "student": other})
    assert await erased(parties) == [referral["id"]]
    assert await is_whole(parties, noor)


async def test_it_is_on_record_when_why_and_when_it_was_asked(
    parties: Parties, referral: Json, owner: asyncpg.Connection
) -> None:
    [item] = (await ask(parties)).json()["items"]
    row = await owner.fetchrow("SELECT * FROM referral")
    assert (row["erased_because"], row["erasure_requested_on"]) == ("request", date(2026, 5, 11))
    [(entry, _)] = parties.resources.ledger.entries()
    assert (str(entry.referral_id), entry.because) == (referral["id"], "request")
    assert item["erasedAt"].startswith(TODAY)


async def test_the_school_is_who_did_it(parties: Parties, referral: Json) -> None:
    await erased(parties)
    [event] = [one for one in await parties.told("kampen") if one["type"] == "referral.erased"]
    assert (event["role"], event["organisation"]["code"]) == ("referrer", "00ZZ")
    assert event["referralId"] == referral["id"]


async def test_who_asks_first_is_told_and_nothing_changes(parties: Parties, referral: Json) -> None:
    told = (await ask(parties, dryRun=True)).json()
    [item] = told["items"]
    assert (told["dryRun"], item["referralId"], item["erasedAt"]) == (True, referral["id"], None)
    assert await is_whole(parties, referral)
    assert list(parties.resources.ledger.entries()) == []


async def test_what_a_team_works_with_ends_only_on_demand(parties: Parties, referral: Json) -> None:
    [handover] = referral["handovers"]
    await parties.step("kampen", handover["id"], "accept")
    assert problem(await ask(parties)) == (409, "still-running")
    assert await is_whole(parties, referral)
    assert await erased(parties, endRunning=True) == [referral["id"]]
    assert (await parties.read("kampen", handover["id"]))["status"] == "stopped"


async def test_what_is_held_stays(parties: Parties, referral: Json, owner: asyncpg.Connection) -> None:
    hold = "UPDATE referral SET held_until = $1, held_because = 'law_forbids'"
    await owner.execute(hold, date.fromisoformat(TODAY))
    assert problem(await ask(parties, endRunning=True)) == (409, "held")
    assert (await ask(parties, dryRun=True)).json()["items"][0]["heldUntil"] == TODAY
    await owner.execute(hold, date(2026, 5, 13))
    assert await erased(parties) == [referral["id"]]


async def test_nobody_of_another_school_is_found(parties: Parties, referral: Json, make_key: Any) -> None:
    parties.keys["other"] = await make_key("school", "00ZY", "referrer")
    for named in ({}, {"studentNumber": None, "referralId": referral["id"]}):
        answer = await ask(parties, "other", **named)
        missing = await ask(parties, "other", studentNumber="S-nobody")
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert await is_whole(parties, referral)


@pytest.mark.parametrize("who", ["kampen", "operator"])
async def test_only_who_referred_may(parties: Parties, referral: Json, who: str) -> None:
    assert (await ask(parties, who)).status_code == 403
    assert await is_whole(parties, referral)


async def test_a_repeated_key_answers_what_it_erased(parties: Parties, body: Json, referral: Json) -> None:
    second = await parties.refer({**body, "sourceReference": "sis-2"})
    first, again = [await ask(parties, headers={"Idempotency_Key": KEY}) for _ in range(2)]
    assert {item["referralId"] for item in first.json()["items"]} == {referral["id"], second["id"]}
    assert (again.status_code, again.json()) == (200, first.json())


async def test_a_key_of_another_request_is_refused(parties: Parties, body: Json) -> None:
    await parties.refer(body)
    await ask(parties, headers={"Idempotency_Key": KEY})
    second = await parties.refer(body)
    answer = await ask(parties, headers={"Idempotency_Key": KEY}, studentNumber=None, referralId=second["id"])
    assert answer.status_code == 422
    assert await is_whole(parties, second)


async def test_without_a_key_what_is_erased_is_told_once_more(parties: Parties, referral: Json) -> None:
    one = {"studentNumber": None, "referralId": referral["id"]}
    first, again = await ask(parties, **one), await ask(parties, **one)
    assert again.json() == first.json()


@pytest.mark.parametrize(
    ("asked", "place", "code"),
    [
        ({"studentNumber": None}, "", "person.one"),
        ({"sourceReference": "sis-2"}, "", "person.one"),
        ({"requestedOn": "2026-05-15"}, "/requestedOn", "date.in_future"),
        ({"reason": "retention"}, "/reason", "not_allowed"),
    ],
)
async def test_what_is_unclear_is_refused(parties: Parties, asked: Json, place: str, code: str) -> None:
    answer = await ask(parties, **asked)
    assert answer.status_code == 400
    assert [(one["location"], one["code"]) for one in answer.json()["errors"]] == [(place, code)]
