"""Who looked at this person, when and why: for the school that referred, and for auditors."""

from typing import Any

import pytest

from tests.api.parties import Parties

Json = dict[str, Any]
NOBODY = "01a1fdfa-4600-7966-82a4-f3301f248691"

pytestmark = pytest.mark.usefixtures("directory")


@pytest.fixture
async def everybody(parties: Parties, make_key: Any) -> Parties:
    """The parties, an auditor of the school, one of Kampen, and another school."""
    parties.keys["auditor"] = await make_key("school", "00ZZ", "auditor")
    parties.keys["auditor of kampen"] = await make_key("municipality", "0166", "auditor")
    parties.keys["elsewhere"] = await make_key("school", "99ZZ", "referrer")
    return parties


@pytest.fixture
async def referral(everybody: Parties, body: Json) -> Json:
    """A referral that the school sent and Kampen read."""
    made = await everybody.refer(body | {"problemDomains": ["mental_health"]})
    [handover] = made["handovers"]
    await everybody.ask("kampen", "GET", f"/v1/handovers/{handover['id']}", Acting_User="k-9")
    return made


async def report(parties: Parties, who: str, told: Json, status: int = 200, query: str = "") -> list[Json]:
    answer = await parties.ask(who, "POST", f"/v1/access-reports{query}", told, Acting_User="s-1")
    assert answer.status_code == status, answer.text
    return list(answer.json().get("items", []))


@pytest.mark.parametrize("told", ["referralId", "sourceReference", "studentNumber"])
async def test_a_school_hears_who_looked_when_and_why(everybody: Parties, referral: Json, told: str) -> None:
    named = {
        "referralId": referral["id"],
        "sourceReference": "sis-2026-004711",
        "studentNumber": "S0012345",
    }
    sent, read = await report(everybody, "school", {told: named[told]})
    assert (sent["activity"], sent["organisation"]["code"]) == ("submit_referral", "00ZZ")
    assert (read["activity"], read["purpose"]) == ("read_handover", "support")
    assert read["organisation"] == {"kind": "municipality", "code": "0166", "name": "0166"}
    assert read["handoverId"] == referral["handovers"][0]["id"]


async def test_who_acted_is_told_of_ones_own_people_alone(everybody: Parties, referral: Json) -> None:
    await report(everybody, "school", {"referralId": referral["id"]})
    looks = await report(everybody, "school", {"referralId": referral["id"]})
    assert [look["actingUser"] for look in looks] == [None, None, "s-1"]


async def test_that_a_report_was_asked_for_stands_in_the_next_one(everybody: Parties, referral: Json) -> None:
    await report(everybody, "auditor", {"referralId": referral["id"]})
    last = (await report(everybody, "school", {"referralId": referral["id"]}))[-1]
    assert (last["activity"], last["roles"]) == ("report_access", ["auditor"])


async def test_a_report_is_about_all_referrals_of_the_person(
    everybody: Parties, referral: Json, body: Json
) -> None:
    second = await everybody.refer(body | {"sourceReference": "sis-2027"})
    looks = await report(everybody, "school", {"sourceReference": "sis-2027"})
    assert {look["referralId"] for look in looks} == {referral["id"], second["id"]}


async def test_a_foreign_person_and_nobody_are_the_same_404(everybody: Parties, referral: Json) -> None:
    bodies = {
        (await everybody.ask(who, "POST", "/v1/access-reports", {"referralId": id})).content
        for who, id in (("elsewhere", referral["id"]), ("elsewhere", NOBODY), ("auditor", NOBODY))
    }
    assert len(bodies) == 1
    await report(everybody, "elsewhere", {"studentNumber": "S0012345"}, status=404)


async def test_an_auditor_of_a_receiver_sees_what_his_own_organisation_looked_at(
    everybody: Parties, referral: Json
) -> None:
    [look] = await report(everybody, "auditor of kampen", {"referralId": referral["id"]})
    assert (look["activity"], look["actingUser"]) == ("read_handover", "k-9")
    looks = await report(everybody, "auditor of kampen", {})
    assert [look["activity"] for look in looks] == ["read_handover", "report_access"]


@pytest.mark.parametrize("who", ["kampen", "operator"])
async def test_a_report_is_for_referrers_and_auditors(everybody: Parties, referral: Json, who: str) -> None:
    await report(everybody, who, {"referralId": referral["id"]}, status=403)


@pytest.mark.parametrize("told", [{}, {"referralId": NOBODY, "sourceReference": "x"}])
async def test_a_school_names_the_person_in_one_way(everybody: Parties, told: Json) -> None:
    answer = await everybody.ask("school", "POST", "/v1/access-reports", told)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "person.one")


async def test_pages_give_each_look_once(everybody: Parties, referral: Json) -> None:
    for _ in range(3):
        await everybody.read("school", referral["handovers"][0]["id"])
    seen: list[Json] = []
    path: str | None = "/v1/access-reports?limit=2"
    while path and len(seen) < 20:
        answer = await everybody.ask("auditor", "POST", path, {"referralId": referral["id"]})
        seen += answer.json()["items"]
        path = answer.links["next"]["url"] if "next" in answer.links else None
    moments = [look["at"] for look in seen]
    assert moments == sorted(moments)
    assert [look["activity"] for look in seen if look["activity"] != "report_access"] == [
        "submit_referral", *["read_handover"] * 4,
    ]  # fmt: skip
