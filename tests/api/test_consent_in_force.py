"""Consent in force: whoever has no more to do with a person no longer sees them, and is told of its end."""

from datetime import date, timedelta
from typing import Any, Final

import pytest

from tests.api.parties import Parties, TickingClock

Json = dict[str, Any]

PERSON: Final = (
    *("student", "referrer", "reason", "notes", "routes", "provisions", "responsibleMunicipality"),
    "samePerson",
)
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
    """Help at home for one of 17 in Kampen: one handover, to Kampen's team."""
    return {**body, "problemDomains": ["family_parenting"]}


async def refuse(parties: Parties, handover: str) -> Json:
    referral = (await parties.read("school", handover))["referralId"]
    return await parties.tell(referral, "consents", {"consents": [REFUSAL]})


async def listed(parties: Parties, who: str) -> Json:
    """The one handover in a party's list."""
    (found,) = (await parties.ask(who, "GET", "/v1/handovers")).json()["items"]
    return dict(found)


def knows(handover: Json) -> bool:
    return any(handover.get(name) for name in PERSON)


async def in_progress(parties: Parties, body: Json) -> str:
    id = await parties.offered(body)
    await parties.step("kampen", id, "accept")
    await parties.step("kampen", id, "start", firstContactOn="2026-05-14")
    return id


async def test_who_was_offered_it_knows_who_and_who_rejected_it_no_longer(
    parties: Parties, body: Json
) -> None:
    id = await parties.offered(body)
    assert knows(await parties.read("kampen", id))
    at = {"kind": "municipality", "municipality": "0148"}
    await parties.step("kampen", id, "reject", reason="residence", responsibleBody=at, comment="Verhuisd.")
    assert not knows(await parties.read("kampen", id))
    assert knows(await parties.read("dalfsen", (await parties.read("school", id))["succeededBy"]))


async def test_who_passed_it_on_no_longer_knows_who(parties: Parties, body: Json) -> None:
    id = await parties.offered(body)
    await parties.step("kampen", id, "redirect", team="kampen-schuldhulp")
    assert not knows(await parties.read("kampen", id))


@pytest.mark.parametrize(("days", "known"), [(0, True), (30, True), (31, False)])
async def test_whose_support_is_completed_knows_who_while_it_may_be_reopened(
    parties: Parties, clock: TickingClock, body: Json, days: int, *, known: bool
) -> None:
    id = await in_progress(parties, body)
    clock.seconds = 0
    await parties.step("kampen", id, "complete", outcome="goals_reached")
    clock.day, clock.seconds = clock.day + timedelta(days=days), -1_000
    assert knows(await parties.read("kampen", id)) is known


@pytest.mark.parametrize("started", [False, True])
async def test_withdrawn_consent_ends_it_and_leaves_the_receiver_nothing_but_its_state(
    parties: Parties, body: Json, *, started: bool
) -> None:
    id = await in_progress(parties, body) if started else await parties.offered(body)
    await refuse(parties, id)
    seen = await parties.read("kampen", id)
    assert (seen["status"], seen["statusReason"]) == (
        "stopped" if started else "withdrawn",
        "consent_withdrawn",
    )
    assert not knows(seen)
    assert not knows(await listed(parties, "kampen"))
    assert (await parties.read("school", id))["routes"] != []
    assert knows(await listed(parties, "school"))


async def test_who_rejected_it_gets_nothing_but_its_state_when_consent_is_gone_too(
    parties: Parties, body: Json
) -> None:
    id = await parties.offered(body)
    at = {"kind": "municipality", "municipality": "0148"}
    await parties.step("kampen", id, "reject", reason="residence", responsibleBody=at)
    await refuse(parties, id)
    assert not knows(await parties.read("kampen", id))


async def test_whose_support_was_completed_before_consent_was_withdrawn_gets_its_state_alone(
    parties: Parties, body: Json
) -> None:
    id = await in_progress(parties, body)
    await parties.step("kampen", id, "complete", outcome="goals_reached")
    assert knows(await parties.read("kampen", id))
    await refuse(parties, id)
    seen = await parties.read("kampen", id)
    assert (seen["status"], knows(seen), knows(await listed(parties, "kampen"))) == (
        "completed",
        False,
        False,
    )
    assert (await parties.read("school", id))["routes"] != []


async def test_the_operator_gets_ids_and_states_alone(parties: Parties, body: Json) -> None:
    id = await parties.offered(body)
    seen = await parties.read("operator", id)
    assert (seen["status"], knows(seen)) == ("offered", False)


async def test_the_operator_lists_what_waits_at_a_desk_without_its_law(parties: Parties, body: Json) -> None:
    """The desk of Ommen is not connected: the operator acts for it."""
    await parties.refer({**body, "homeMunicipality": "0175"})
    seen = await listed(parties, "operator")
    assert (seen["availableActions"] != [], knows(seen)) == (True, False)


async def test_who_held_the_data_is_told_that_consent_is_gone(parties: Parties, body: Json) -> None:
    first = await parties.offered(body)
    at = {"kind": "municipality", "municipality": "0148"}
    await parties.step("kampen", first, "reject", reason="residence", responsibleBody=at)
    second = (await parties.next(first))["id"]
    await refuse(parties, first)
    told = {
        who: [(e["type"], e["handoverId"]) for e in await parties.told(who)] for who in ("kampen", "dalfsen")
    }
    assert told["kampen"][-1] == ("consent.changed", first)
    assert told["dalfsen"][-1] == ("handover.withdrawn", second)


async def test_who_held_nothing_of_it_hears_of_no_consent(parties: Parties, body: Json) -> None:
    await refuse(parties, await parties.offered(body))
    assert not [
        e for who in ("zwolle", "hardenberg", "dalfsen") for e in await parties.told(who) if e["handoverId"]
    ]


async def test_the_same_refusal_again_tells_nobody_anew(parties: Parties, body: Json) -> None:
    id = await parties.offered(body)
    await refuse(parties, id)
    before = len(await parties.told("kampen"))
    await refuse(parties, id)
    assert len(await parties.told("kampen")) == before
