"""What the responsible municipality sees of a handover that lies with another and that no desk of it had."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from tests.api.parties import Parties, TickingClock

Json = dict[str, Any]
MakeKey = Callable[..., Awaitable[str]]


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(date(2026, 5, 14))


@pytest.fixture
def body(body: Json) -> Json:
    """A student of Tubbergen, which does not work with the service, at a school in Enschede with a team."""
    return {
        **body,
        "homeMunicipality": "0183",
        "school": {"brin": "00ZY", "location": "00ZY01", "coreMunicipality": "0153"},
        "student": {**body["student"], "postcode": "7651AA"},
        "supportVariant": "mbo_as_neighbourhood",
        "problemDomains": ["family_parenting"],
    }


async def lies_with_enschede(parties: Parties, make_key: MakeKey, body: Json) -> str:
    """Tubbergen's task, with the team on site of Enschede; Tubbergen's desk connects afterwards."""
    parties.keys["enschede"] = await make_key("municipality", "0153", "team")
    id = await parties.offered(body)
    parties.keys["tubbergen"] = await make_key("municipality", "0183", "desk")
    parties.keys["its team"] = await make_key("municipality", "0183", "team")
    return id


@pytest.fixture
async def handover(parties: Parties, make_key: MakeKey, body: Json) -> str:
    return await lies_with_enschede(parties, make_key, body)


async def test_it_sees_states_and_the_routes_that_are_its_task(parties: Parties, handover: str) -> None:
    found = await parties.read("tubbergen", handover)
    assert (found["status"], found["team"]["teamId"]) == ("offered", "enschede-schoolteam")
    assert {route["responsible"]["municipality"]["code"] for route in found["routes"]} == {"0183"}


async def test_it_does_not_see_who_it_is_about(parties: Parties, handover: str) -> None:
    found = await parties.read("tubbergen", handover)
    assert found.keys().isdisjoint(("student", "referrer", "reason", "notes", "samePerson"))
    assert (await parties.read("enschede", handover))["student"]["surname"] == "Voorbeeld"


async def test_it_finds_the_handover_in_its_list(parties: Parties, handover: str) -> None:
    listed = (await parties.ask("tubbergen", "GET", "/v1/handovers")).json()["items"]
    assert [item["id"] for item in listed] == [handover]


async def test_it_may_reject_what_is_not_its_task(parties: Parties, handover: str) -> None:
    assert (await parties.read("tubbergen", handover))["availableActions"] == ["reject"]
    step = {"reason": "residence", "responsibleBody": {"kind": "municipality", "municipality": "0153"}}
    assert (await parties.step("tubbergen", handover, "reject", **step))["status"] == "rejected"


async def test_its_teams_and_another_municipality_see_nothing(parties: Parties, handover: str) -> None:
    assert not await parties.sees("its team", handover)
    assert not await parties.sees("zwolle", handover)


async def test_what_waits_for_consent_is_not_shown(parties: Parties, make_key: MakeKey, body: Json) -> None:
    waiting = await lies_with_enschede(parties, make_key, {**body, "consents": []})
    assert (await parties.read("school", waiting))["status"] == "needs_consent"
    assert not await parties.sees("tubbergen", waiting)
