""" "Not ours" always names whose it is, moves there by itself, and the referrer hears of each move."""

from datetime import date
from typing import Any, Final

import pytest

from app.services.lifecycle.reasons import REASONS
from tests.api.parties import Parties, TickingClock

Json = dict[str, Any]

DENIALS: Final = [reason for reason in REASONS if "reject" in reason.actions]
ELSEWHERE: Final = [reason.code for reason in DENIALS if reason.names_body]
OURS_NOT: Final = [reason.code for reason in DENIALS if not reason.names_body]


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(date(2026, 5, 14))


@pytest.fixture
def body(body: Json) -> Json:
    """Help at home for one of 17 in Kampen, at a school in Zwolle: one handover, to Kampen's team."""
    return {**body, "problemDomains": ["family_parenting"]}


def at(code: str) -> Json:
    return {"kind": "municipality", "municipality": code}


async def rejected(parties: Parties, body: Json, code: str) -> Json:
    """What follows a rejection by Kampen that names a municipality."""
    id = await parties.offered(body)
    await parties.step("kampen", id, "reject", reason="residence", responsibleBody=at(code))
    return await parties.next(id)


async def at_desk(parties: Parties, body: Json) -> str:
    """Nobody's: it waits at Kampen's desk."""
    id = await parties.offered(body)
    answer = await parties.step("kampen", id, "reject", reason="no_capacity")
    return str(answer["succeededBy"])


async def disputed(parties: Parties, body: Json) -> str:
    """Denied by Kampen and by Dalfsen."""
    id = await at_desk(parties, body)
    await parties.step("kampen", id, "forward", responsibleBody=at("0148"), comment="Woont in Dalfsen.")
    await parties.step("dalfsen", id, "forward", responsibleBody=at("0160"), comment="Woont hier niet.")
    return id


async def test_whoever_says_not_ours_for_whose_it_is_must_say_whose(parties: Parties, body: Json) -> None:
    id = await parties.offered(body)
    for reason in ELSEWHERE:
        answer = await parties.send("kampen", id, {"action": "reject", "reason": reason})
        found = [(error["location"], error["code"]) for error in answer.json()["errors"]]
        assert (reason, answer.status_code, found) == (reason, 400, [("/responsibleBody", "required")])


async def test_for_another_reason_it_may_be_left_to_the_desk(parties: Parties, body: Json) -> None:
    for reason in OURS_NOT:
        id = await parties.offered({**body, "sourceReference": reason})
        await parties.step("kampen", id, "reject", reason=reason)
        successor = await parties.next(id)
        assert (reason, successor["status"], successor["team"]) == (reason, "needs_triage", None)
        assert successor["responsibleMunicipality"]["code"] == "0166"


async def test_with_a_body_every_reason_offers_it_there(parties: Parties, body: Json) -> None:
    for reason in (reason.code for reason in DENIALS):
        id = await parties.offered({**body, "sourceReference": reason})
        await parties.step("kampen", id, "reject", reason=reason, responsibleBody=at("0148"))
        assert (reason, (await parties.next(id))["team"]["teamId"]) == (reason, "dalfsen-wijkteam")


async def test_what_is_offered_at_the_named_municipality_knows_what_it_follows(
    parties: Parties, body: Json, owner: Any
) -> None:
    successor = await rejected(parties, body, "0148")
    before = await parties.read("school", successor["precededBy"])
    assert (before["status"], before["statusReason"]) == ("rejected", "residence")
    assert before["succeededBy"] == successor["id"]
    assert (successor["status"], successor["responsibleMunicipality"]["code"]) == ("offered", "0148")
    bounces = await owner.fetch("SELECT bounces FROM handover ORDER BY id")
    assert [row["bounces"] for row in bounces] == [1, 1]


async def test_the_named_municipality_may_accept_it(parties: Parties, body: Json) -> None:
    successor = await rejected(parties, body, "0148")
    assert (await parties.step("dalfsen", successor["id"], "accept"))["status"] == "accepted"


async def test_several_teams_of_the_kind_leave_it_to_the_named_desk(parties: Parties, body: Json) -> None:
    await parties.add_team("dalfsen-tweede-wijkteam", "0148")
    successor = await rejected(parties, body, "0148")
    assert (successor["status"], successor["team"]["kind"]) == ("offered", "access_desk")
    assert await parties.sees("dalfsen", successor["id"])


@pytest.mark.parametrize(
    ("named", "channel", "kind", "municipality"),
    [
        (at("0183"), "referrer_acts", "access_desk", "0183"),
        ({"kind": "health_insurer"}, "referrer_acts", "health_insurer", None),
        ({"kind": "care_office"}, "referrer_acts", "ciz", None),
        ({"kind": "uwv"}, "referrer_acts", "uwv", None),
        ({"kind": "school"}, "school", "school_care_team", None),
    ],
    ids=["not connected", "insurer", "care office", "uwv", "school"],
)
async def test_a_body_that_the_service_does_not_reach_becomes_advice(
    parties: Parties, body: Json, named: Json, channel: str, kind: str, municipality: str | None
) -> None:
    id = await parties.offered(body)
    answer = await parties.step("kampen", id, "reject", reason="other_law", responsibleBody=named)
    [advice] = (await parties.referral(id))["advice"]
    assert (answer["succeededBy"], answer["succeededByAdvice"]) == (None, advice["id"])
    assert (advice["precededBy"], advice["status"], advice["role"]) == (id, "open", "primary")
    assert (advice["channel"], advice["kind"]) == (channel, kind)
    assert advice["municipality"] == (municipality and {"code": municipality, "name": "Tubbergen"})


async def test_its_own_municipality_is_no_other(parties: Parties, body: Json) -> None:
    id = await parties.offered(body)
    for reason in ("residence", "no_capacity"):
        said = {"action": "reject", "reason": reason, "responsibleBody": at("0166")}
        answer = await parties.send("kampen", id, said)
        found = [(error["location"], error["code"]) for error in answer.json()["errors"]]
        assert (answer.status_code, found) == (400, [("/responsibleBody/municipality", "municipality.same")])
    assert (await parties.read("kampen", id))["status"] == "offered"


async def test_the_third_bounce_goes_to_the_desk_whatever_is_named(parties: Parties, body: Json) -> None:
    second = await rejected(parties, body, "0148")
    said = {"reason": "residence", "responsibleBody": at("0193")}
    await parties.step("dalfsen", second["id"], "reject", **said)
    third = await parties.next(second["id"])
    assert third["status"] == "offered"
    await parties.step("zwolle", third["id"], "reject", reason="residence", responsibleBody=at("0160"))
    last = await parties.next(third["id"])
    assert (last["status"], last["team"], last["precededBy"]) == ("needs_triage", None, third["id"])
    assert await parties.sees("zwolle", last["id"])
    assert not await parties.sees("hardenberg", last["id"])


async def test_a_desk_may_forward_it_to_the_desk_of_another(parties: Parties, body: Json) -> None:
    id = await at_desk(parties, body)
    said = {"responsibleBody": at("0148"), "comment": "Woont in Dalfsen."}
    answer = await parties.step("kampen", id, "forward", **said)
    assert (answer["status"], answer["flags"]) == ("needs_triage", [])
    assert not await parties.sees("kampen", id)
    assert (await parties.read("dalfsen", id))["responsibleMunicipality"]["code"] == "0148"


@pytest.mark.parametrize(("stay", "desk"), [(None, "zwolle"), ("0160", "hardenberg")])
async def test_the_second_denial_leaves_it_disputed_where_the_student_stays(
    parties: Parties, body: Json, stay: str | None, desk: str
) -> None:
    if stay:
        body["residence"] = {"status": "registered", "actualStayMunicipality": stay}
    id = await disputed(parties, body)
    found = await parties.read(desk, id)
    assert (found["status"], found["flags"]) == ("needs_triage", ["disputed"])
    assert "forward" not in found["availableActions"]
    assert {"settle", "ask", "withdraw"} <= {*found["availableActions"]}


@pytest.mark.parametrize("who", ["zwolle", "kampen", "dalfsen", "operator"])
async def test_it_is_settled_by_either_side_or_by_the_operator(
    parties: Parties, body: Json, who: str
) -> None:
    id = await disputed(parties, body)
    said = {"team": "dalfsen-wijkteam", "comment": "Na overleg."}
    await parties.step(who, id, "settle", **said)
    settled = await parties.read("school", id)
    assert (settled["status"], settled["flags"]) == ("offered", [])
    assert settled["team"]["teamId"] == "dalfsen-wijkteam"
    assert (await parties.step("dalfsen", id, "accept"))["status"] == "accepted"


async def test_who_has_nothing_to_do_with_a_dispute_does_not_settle_it(parties: Parties, body: Json) -> None:
    id = await disputed(parties, body)
    said = {"action": "settle", "team": "dalfsen-wijkteam", "comment": "Na overleg."}
    assert (await parties.send("hardenberg", id, said)).status_code == 404
    assert (await parties.send("school", id, said)).status_code == 409


async def test_for_another_kind_of_receiver_consent_is_asked_anew(parties: Parties, body: Json) -> None:
    consent = body["consents"][0]
    body["consents"] = [{**consent, "recipients": ["neighbourhood_team"]}]
    await parties.add_team("dalfsen-tweede-wijkteam", "0148")
    successor = await rejected(parties, body, "0148")
    assert successor["status"] == "needs_consent"
    assert not await parties.sees("dalfsen", successor["id"])
    told = {"consents": [{**consent, "recipients": ["access_desk"], "givenOn": "2026-05-14"}]}
    await parties.tell(successor["referralId"], "consents", told)
    assert (await parties.read("dalfsen", successor["id"]))["status"] == "offered"


async def test_the_referrer_hears_of_each_move(parties: Parties, body: Json) -> None:
    id = await disputed(parties, body)
    await parties.step("operator", id, "settle", team="dalfsen-wijkteam", comment="Na overleg.")
    told = [(event["type"], event["role"]) for event in await parties.told("school") if event["referralId"]]
    assert told == [
        ("referral.created", "referrer"),
        ("referral.decided", "system"),
        ("handover.offered", "system"),
        ("handover.rejected", "team"),
        ("handover.needs_triage", "team"),
        ("handover.needs_triage", "desk"),
        ("handover.needs_triage", "desk"),
        ("handover.flagged", "desk"),
        ("handover.offered", "operator"),
        ("handover.flagged", "operator"),
    ]


async def test_nobody_matched_a_bounce_and_silence_look_different(
    parties: Parties, body: Json, clock: TickingClock
) -> None:
    body["student"]["birthDate"] = "2008-12-15"
    silent = await parties.offered({**body, "sourceReference": "silent"})
    bounced = await at_desk(parties, {**body, "sourceReference": "bounced"})
    await parties.add_team("dalfsen-tweede-wijkteam", "0148")
    elsewhere = {"homeMunicipality": "0148", "student": {**body["student"], "postcode": "7721AA"}}
    unmatched = await parties.offered({**body, **elsewhere, "sourceReference": "unmatched"})
    clock.day = date(2026, 5, 23)
    await parties.run_clocks()

    async def seen(id: str) -> tuple[Any, ...]:
        found = await parties.read("school", id)
        return found["status"], bool(found["precededBy"]), found["flags"]

    assert await seen(unmatched) == ("needs_triage", False, [])
    assert await seen(bounced) == ("needs_triage", True, [])
    assert await seen(silent) == ("offered", False, ["overdue"])
