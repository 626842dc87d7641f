"""Who looked at whom: what stands in a row, that none goes without, and that none can be taken back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.api.declared import access_of
from app.services import activities
from app.services.activities import activity_of
from tests.api.parties import Parties

Json = dict[str, Any]
Row = dict[str, Any]

TRACE = "0af7651916cd43dd8448eb211c80319c"
SERVICE = "verwijsroute_service"

pytestmark = pytest.mark.usefixtures("directory")


async def rows(owner: asyncpg.Connection) -> list[Row]:
    return [dict(row) for row in await owner.fetch("SELECT * FROM access_log ORDER BY id")]


@asynccontextmanager
async def unwritable(owner: asyncpg.Connection) -> AsyncIterator[None]:
    """No row can be written to the log."""
    await owner.execute(f"REVOKE INSERT ON access_log FROM {SERVICE}")
    try:
        yield
    finally:
        await owner.execute(f"GRANT INSERT ON access_log TO {SERVICE}")


@pytest.fixture
async def seen(parties: Parties, body: Json, owner: asyncpg.Connection) -> str:
    """A handover at Kampen, before which nobody looked at anything."""
    id = await parties.offered(body | {"problemDomains": ["mental_health"]})
    await owner.execute("DELETE FROM access_log")
    return id


async def test_a_new_referral_is_on_record_with_who_why_and_which_request(
    parties: Parties, body: Json, owner: asyncpg.Connection
) -> None:
    said = {"Acting_User": "u-17", "traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    answer = await parties.ask("school", "POST", "/v1/referrals", body, **said)
    [row] = await rows(owner)
    credential = await owner.fetchrow(
        "SELECT c.id, c.organisation_id FROM credential c JOIN organisation o ON o.id = c.organisation_id"
        " WHERE o.code = '00ZZ'"
    )
    assert str(row["referral_id"]) == answer.json()["id"]
    assert (row["credential_id"], row["organisation_id"]) == (credential["id"], credential["organisation_id"])
    assert row["referring_organisation_id"] == row["organisation_id"]
    assert (row["roles"], row["acting_user"]) == (["referrer"], "u-17")
    assert (row["activity"], row["purpose"]) == ("submit_referral", "referral")
    assert (row["trace_id"], row["request_id"]) == (TRACE, answer.headers["x-request-id"])


async def test_a_look_at_a_handover_names_it_and_whose_referral_it_is(
    parties: Parties, seen: str, owner: asyncpg.Connection
) -> None:
    await parties.read("kampen", seen)
    [row] = await rows(owner)
    assert str(row["handover_id"]) == seen
    assert (row["activity"], row["purpose"], row["roles"]) == ("read_handover", "support", ["desk", "team"])
    assert row["referring_organisation_id"] != row["organisation_id"]


@pytest.mark.parametrize("path", ["/v1/referrals", "/v1/handovers"])
async def test_a_list_is_a_look_at_everybody_on_the_page(
    parties: Parties, body: Json, owner: asyncpg.Connection, path: str
) -> None:
    for number in range(3):
        await parties.refer(body | {"sourceReference": f"sis-{number}"})
    await owner.execute("DELETE FROM access_log")
    answer = await parties.ask("school", "GET", f"{path}?limit=2")
    shown = {item.get("referralId", item["id"]) for item in answer.json()["items"]}
    assert sorted(shown) == sorted(str(row["referral_id"]) for row in await rows(owner))


@pytest.mark.parametrize("activity", ["read_history", "take_step"])
async def test_a_history_and_a_step_are_looks_at_their_person(
    parties: Parties, seen: str, owner: asyncpg.Connection, activity: str
) -> None:
    if activity == "take_step":
        await parties.step("kampen", seen, "acknowledge")
    else:
        await parties.ask("kampen", "GET", f"/v1/handovers/{seen}/events")
    assert [(row["activity"], str(row["handover_id"])) for row in await rows(owner)] == [(activity, seen)]


async def test_what_is_refused_is_no_look(parties: Parties, seen: str, owner: asyncpg.Connection) -> None:
    assert not await parties.sees("dalfsen", seen)
    assert (await parties.send("kampen", seen, {"action": "start"})).status_code == 409
    assert await rows(owner) == []


async def test_what_cannot_be_recorded_is_not_answered(
    parties: Parties, seen: str, owner: asyncpg.Connection
) -> None:
    async with unwritable(owner):
        answer = await parties.ask("kampen", "GET", f"/v1/handovers/{seen}")
    assert answer.status_code == 500
    assert "Sanne" not in answer.text


async def test_what_cannot_be_recorded_is_not_stored(
    parties: Parties, body: Json, owner: asyncpg.Connection
) -> None:
    async with unwritable(owner):
        assert (await parties.ask("school", "POST", "/v1/referrals", body)).status_code == 500
    assert await owner.fetchval("SELECT count(*) FROM referral") == 0


async def test_every_closed_operation_is_in_the_register_of_activities(app: FastAPI) -> None:
    named = {str(context.name) for context in iter_route_contexts(app.routes) if access_of(context)}
    assert {name for name in named if activity_of(name)} <= set(activities.PURPOSES)
    assert named >= activities.OF_NOBODY


def test_an_operation_that_is_not_in_the_register_is_found() -> None:
    with pytest.raises(LookupError, match="read_forgotten"):
        activity_of("read_forgotten")


async def test_an_operation_of_nobodys_data_cannot_show_somebody(
    parties: Parties, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities, "OF_NOBODY", activities.OF_NOBODY | {"read_handover"})
    answer = await parties.ask("kampen", "GET", f"/v1/handovers/{seen}")
    assert answer.status_code == 500
    assert "Sanne" not in answer.text


@pytest.mark.parametrize("named", ["x" * 65, "", " u", "tab\there"])
async def test_an_acting_user_that_is_none_is_400(parties: Parties, named: str) -> None:
    answer = await parties.ask("school", "GET", "/v1/referrals", Acting_User=named)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["location"] == "Acting-User"


async def test_an_acting_user_stands_in_no_log_line(
    parties: Parties, seen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await parties.ask("kampen", "GET", f"/v1/handovers/{seen}", Acting_User="kanarie4711")
    assert "kanarie4711" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM access_log", "UPDATE access_log SET acting_user = 'x'", "TRUNCATE access_log"],
)
async def test_the_service_may_add_to_the_log_and_nothing_else(
    owner: asyncpg.Connection, statement: str
) -> None:
    async with owner.transaction():
        await owner.execute(f"SET LOCAL ROLE {SERVICE}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with owner.transaction():
                await owner.execute(statement)
