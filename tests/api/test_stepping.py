"""A step is taken once, of the version that was seen, and a step that cannot be changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from app.services.lifecycle.reasons import REASON_OF
from tests.api.parties import KEPT, Parties, TickingClock

Json = dict[str, Any]
Rows = Callable[[], Awaitable[list[str]]]

TODAY: Final = "2026-05-14"
TOMORROW: Final = "2026-05-15"


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(date.fromisoformat(TODAY))


@pytest.fixture
async def id(parties: Parties, body: Json) -> str:
    """Help at home, offered to Kampen's team; not to be accepted without its consent."""
    return await parties.offered({**body, "problemDomains": ["family_parenting"]})


@pytest.fixture
def rows(owner: Any) -> Rows:
    """All rows of what a step may change, as PostgreSQL writes them."""

    async def read() -> list[str]:
        found = [await owner.fetch(f"SELECT t::text FROM {table} t ORDER BY 1") for table in KEPT]  # noqa: S608
        return [row[0] for table in found for row in table]

    return read


def at(code: str) -> Json:
    return {"kind": "municipality", "municipality": code}


async def test_a_step_without_a_version_is_not_taken(parties: Parties, id: str, rows: Rows) -> None:
    before = await rows()
    path = f"/v1/handovers/{id}/transitions"
    answer = await parties.ask("kampen", "POST", path, {"action": "accept"})
    assert (answer.status_code, await rows()) == (428, before)


async def test_a_step_of_a_version_that_is_past_is_not_taken(parties: Parties, id: str, rows: Rows) -> None:
    await parties.step("kampen", id, "acknowledge")
    before = await rows()
    answer = await parties.send("kampen", id, {"action": "accept"}, If_Match='"1"')
    assert (answer.status_code, await rows()) == (412, before)


async def test_a_step_answers_with_the_version_for_the_next(parties: Parties, id: str) -> None:
    answer = await parties.send("kampen", id, {"action": "acknowledge"}, If_Match='"1"')
    assert (answer.headers["etag"], answer.json()["version"]) == ('"2"', 2)
    next_ = await parties.send("kampen", id, {"action": "accept"}, If_Match=answer.headers["etag"])
    assert next_.status_code == 200


async def test_an_illegal_step_answers_with_the_legal_ones_and_changes_nothing(
    parties: Parties, id: str, rows: Rows
) -> None:
    before = await rows()
    for who in ("kampen", "school", "operator"):
        legal = (await parties.read(who, id))["availableActions"]
        answer = await parties.send(who, id, {"action": "start", "firstContactOn": TODAY})
        assert (answer.status_code, answer.json()["availableActions"]) == (409, legal)
    assert await rows() == before


async def test_a_repeated_key_gives_the_same_answer_and_one_step(
    parties: Parties, id: str, rows: Rows
) -> None:
    said: Json = {"action": "acknowledge"}
    first = await parties.send("kampen", id, said, If_Match='"1"', Idempotency_Key="once")
    before = await rows()
    again = await parties.send("kampen", id, said, If_Match='"1"', Idempotency_Key="once")
    assert (again.status_code, again.content) == (200, first.content)
    assert await rows() == before


async def test_a_key_of_another_step_is_refused(parties: Parties, id: str, rows: Rows) -> None:
    await parties.send("kampen", id, {"action": "acknowledge"}, Idempotency_Key="once")
    before = await rows()
    answer = await parties.send("kampen", id, {"action": "accept"}, Idempotency_Key="once")
    assert (answer.status_code, await rows()) == (422, before)


async def forwarded(parties: Parties, id: str) -> tuple[str, str, Json]:
    """Who takes it out of its own sight, of which handover, by which step: Kampen's desk, to Dalfsen."""
    answer = await parties.step("kampen", id, "reject", reason="no_capacity")
    said = {"action": "forward", "responsibleBody": at("0148"), "comment": "Woont in Dalfsen."}
    return "kampen", answer["succeededBy"], said


async def settled(parties: Parties, id: str) -> tuple[str, str, Json]:
    """Kampen denied it and settles it with Dalfsen, at the desk of Zwolle."""
    who, id, said = await forwarded(parties, id)
    await parties.send(who, id, said)
    await parties.step("dalfsen", id, "forward", responsibleBody=at("0160"), comment="Woont hier niet.")
    return "kampen", id, {"action": "settle", "team": "dalfsen-wijkteam", "comment": "Na overleg."}


@pytest.mark.parametrize("of", [forwarded, settled])
async def test_a_repeated_key_gives_the_same_answer_for_what_is_out_of_sight(
    parties: Parties, id: str, rows: Rows, of: Callable[..., Awaitable[tuple[str, str, Json]]]
) -> None:
    who, id, said = await of(parties, id)
    first = await parties.send(who, id, said, Idempotency_Key="once")
    assert first.status_code == 200
    assert not await parties.sees(who, id)
    before = await rows()
    again = await parties.send(who, id, said, Idempotency_Key="once")
    assert (again.status_code, again.content) == (200, first.content)
    assert await rows() == before


async def test_what_is_out_of_sight_is_shown_by_its_states_alone(parties: Parties, id: str) -> None:
    who, id, said = await forwarded(parties, id)
    for _ in range(2):
        answer = (await parties.send(who, id, said, Idempotency_Key="once")).json()
        assert (answer["routes"], answer["availableActions"]) == ([], [])
        assert not {"student", "referrer", "reason", "notes"} & answer.keys()


async def test_no_other_request_is_answered_for_what_is_out_of_sight(
    parties: Parties, id: str, owner: Any
) -> None:
    who, id, said = await forwarded(parties, id)
    await parties.send(who, id, said, Idempotency_Key="once")
    other_body = await parties.send(who, id, {**said, "comment": "Anders."}, Idempotency_Key="once")
    other_key = await parties.send(who, id, said, Idempotency_Key="twice")
    foreign = await parties.send("hardenberg", id, said, Idempotency_Key="once")
    await owner.execute("UPDATE idempotency SET created_at = created_at - interval '72 hours'")
    too_late = await parties.send(who, id, said, Idempotency_Key="once")
    answers = (other_body, other_key, foreign, too_late)
    assert [answer.status_code for answer in answers] == [404] * 4


async def test_of_two_who_accept_at_once_one_does(parties: Parties, id: str) -> None:
    said: Json = {"action": "accept"}
    both = [parties.send("kampen", id, said, If_Match='"1"') for _ in range(2)]
    answers = await asyncio.gather(*both)
    assert sorted(answer.status_code for answer in answers) == [200, 412]


UNFIT_FOR_AN_OFFER: Final[list[Any]] = [
        ({"action": "adopt"}, "/action", "not_allowed"),
        ({"action": "reject"}, "/reason", "required"),
        ({"action": "reject", "reason": "too_hard"}, "/reason", "not_allowed"),
        ({"action": "reject", "reason": "no_contact"}, "/reason", "reason.not_of_action"),
        ({"action": "redirect", "team": "nergens"}, "/team", "team.unknown"),
        ({"action": "redirect", "team": "kampen-wijkteam"}, "/team", "team.same"),
        ({"action": "redirect", "team": "desk-0183"}, "/team", "team.not_connected"),
        ({"action": "accept", "outcome": "goals_reached"}, "/outcome", "field.not_of_action"),
        ({"action": "accept", "mood": "good"}, "/mood", "unknown_field"),
        ({"action": "ask", "question": ""}, "/question", "text.blank"),
        ({"action": "reject", "reason": "age", "responsibleBody": {"kind": "municipality"}},
         "/responsibleBody", "body.municipality"),
        ({"action": "reject", "reason": "age", "responsibleBody": at("9999")},
         "/responsibleBody/municipality", "municipality.unknown"),
]  # fmt: skip


async def test_what_an_offer_cannot_be_answered_with_is_refused(
    parties: Parties, id: str, rows: Rows
) -> None:
    before = await rows()
    for said, place, code in UNFIT_FOR_AN_OFFER:
        answer = await parties.send("kampen", id, said, Idempotency_Key="once")
        assert (answer.status_code, faults(answer)) == (400, [(place, code)]), said
    assert await rows() == before


def faults(answer: Any) -> list[tuple[str, str]]:
    return [(error["location"], error["code"]) for error in answer.json()["errors"]]


async def test_a_reason_out_of_force_is_refused(
    parties: Parties, id: str, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await rows()
    reason = REASON_OF["no_capacity"]
    past, future = date(2026, 5, 13), date(2026, 5, 15)
    for other in (replace(reason, valid_to=past), replace(reason, valid_from=future)):
        monkeypatch.setitem(REASON_OF, "no_capacity", other)
        answer = await parties.send("kampen", id, {"action": "reject", "reason": "no_capacity"})
        assert (answer.status_code, faults(answer)) == (400, [("/reason", "reason.not_in_force")])
    assert await rows() == before


UNFIT_FOR_SUPPORT: Final[list[Any]] = [
        ({"action": "start"}, "/firstContactOn", "required"),
        ({"action": "start", "firstContactOn": TOMORROW}, "/firstContactOn", "date.in_future"),
        ({"action": "start", "firstContactOn": "14-05-2026"}, "/firstContactOn", "date.format"),
        ({"action": "hold", "reason": "waiting_list"}, "/expectedOn", "required"),
        ({"action": "hold", "reason": "waiting_list", "expectedOn": TODAY}, "/expectedOn",
         "date.not_in_future"),
        ({"action": "hold", "reason": "no_capacity", "expectedOn": TOMORROW}, "/reason",
         "reason.not_of_action"),
]  # fmt: skip


async def test_what_accepted_support_cannot_be_told_is_refused(parties: Parties, id: str, rows: Rows) -> None:
    await parties.step("kampen", id, "accept")
    before = await rows()
    for said, place, code in UNFIT_FOR_SUPPORT:
        answer = await parties.send("kampen", id, said)
        assert (answer.status_code, faults(answer)) == (400, [(place, code)]), said
    assert await rows() == before


IMPOSSIBLE_FACTS: Final[list[Any]] = [
    ({"student": {"birthDate": "2036-01-01"}}, "/facts/student/birthDate"),
    ({"homeMunicipality": "Nergenshuizen"}, "/facts/homeMunicipality"),
    ({"residence": {"stay": {"kind": "shelter", "since": "2036-01-01"}}}, "/facts/residence/stay/since"),
    ({"bsn": "123456782"}, "/facts/bsn"),
]


async def test_an_answer_with_facts_that_cannot_be_is_refused(parties: Parties, id: str, rows: Rows) -> None:
    await parties.step("kampen", id, "ask", question="Waar woont zij?")
    before = await rows()
    for facts, place in IMPOSSIBLE_FACTS:
        answer = await parties.send("school", id, {"action": "answer", "facts": facts})
        assert (answer.status_code, [location for location, _ in faults(answer)]) == (400, [place])
    assert await rows() == before
