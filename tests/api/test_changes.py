"""Answers, changed facts and consents: a new version of the decision, and handovers that follow it."""

from typing import Any

import pytest
from httpx import AsyncClient

from app.schemas.stored import Referral

Json = dict[str, Any]

ENDED_FIRST = {"type": "guidance", "startedOn": "2020-02-01", "endedOn": "2020-01-01"}

pytestmark = pytest.mark.usefixtures("directory")


@pytest.fixture
def body(body: Json) -> Json:
    """An adult of 19 whose earlier youth help nobody told of: family help waits for the answer."""
    body["student"]["birthDate"] = "2006-12-15"
    body["problemDomains"] = ["family_parenting", "debts"]
    del body["circumstances"]["youthHelp"]
    return body


async def submit(school: AsyncClient, body: Json) -> str:
    answer = await school.post("/v1/referrals", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def add(school: AsyncClient, location: str, kind: str, told: Json) -> Json:
    answer = await school.post(f"{location}/{kind}", json=told)
    assert answer.status_code == 200, answer.text
    Referral.model_validate_json(answer.content)
    return dict(answer.json())


def statuses(referral: Json) -> dict[str | None, str]:
    return {(h["team"] or {}).get("teamId"): h["status"] for h in referral["handovers"]}


async def test_an_open_question_holds_back_its_own_route_alone(school: AsyncClient, body: Json) -> None:
    referral = (await school.get(await submit(school, body))).json()
    assert referral["status"] == "needs_information"
    assert statuses(referral) == {"kampen-schuldhulp": "offered", None: "needs_information"}


async def test_what_no_route_depends_on_is_kept_without_a_new_version(
    school: AsyncClient, body: Json, make_key: Any
) -> None:
    team = {"Authorization": f"Bearer {await make_key('municipality', '0166', 'team', 'desk')}"}
    location = await submit(school, body)
    told = {"phone": "+31611111111", "houseNumber": "99", "studentNumber": "S9"}
    assert (await add(school, location, "facts", {"student": told}))["decisionVersion"] == 1
    (found,) = (await school.post("/v1/referrals/_search", json={"studentNumber": "S9"})).json()["items"]
    assert location.endswith(found["id"])
    (listed,) = (await school.get("/v1/handovers?status=offered", headers=team)).json()["items"]
    student = (await school.get(f"/v1/handovers/{listed['id']}", headers=team)).json()["student"]
    assert {name: student[name] for name in told} == told


@pytest.mark.parametrize("refused", [True, False])
async def test_a_word_about_consent_of_a_day_to_come_is_refused(
    school: AsyncClient, body: Json, refused: bool
) -> None:
    word = {"givenBy": "student", "givenOn": "2099-01-01", "purpose": "referral", "recipients": "all"}
    location = await submit(school, body)
    answer = await school.post(f"{location}/consents", json={"consents": [{**word, "refused": refused}]})
    found = [(error["location"], error["code"]) for error in answer.json()["errors"]]
    assert (answer.status_code, found) == (400, [("/consents/0/givenOn", "date.in_future")])


async def test_every_version_is_kept_and_can_be_compared(school: AsyncClient, body: Json) -> None:
    location = await submit(school, body)
    await add(school, location, "facts", {"student": {"birthDate": "2008-12-15"}})
    of = {
        name: (await school.get(f"{location}/receipt{query}")).json()
        for name, query in {"first": "?version=1", "second": "?version=2", "newest": ""}.items()
    }
    assert [of[name]["facts"]["birthDate"] for name in of] == ["2006-12-15", "2008-12-15", "2008-12-15"]
    assert of["first"]["decision"]["routes"] != of["second"]["decision"]["routes"]
    assert of["newest"] == of["second"]


@pytest.mark.parametrize(("version", "status"), [("2", 404), ("0", 400), ("99999999999", 400), ("x", 400)])
async def test_a_version_that_is_not_there_is_not_found(
    school: AsyncClient, body: Json, version: str, status: int
) -> None:
    answer = await school.get(f"{await submit(school, body)}/receipt?version={version}")
    assert answer.status_code == status


async def test_the_answer_offers_what_waited_and_the_question_is_gone(
    school: AsyncClient, body: Json
) -> None:
    location = await submit(school, body)
    help_ = {"circumstances": {"youthHelp": [{"type": "pedagogical", "continuationDecided": True}]}}
    referral = await add(school, location, "facts", help_)
    assert (referral["status"], referral["decisionVersion"]) == ("open", 2)
    assert statuses(referral) == {"kampen-schuldhulp": "offered", "kampen-wijkteam": "offered"}
    assert [r["provision"] for r in referral["decision"]["routes"]] == ["jw_ext", "wgs"]
    assert not any(question["blocking"] for question in referral["decision"]["questions"])


async def test_the_handover_at_the_desk_becomes_the_teams(school: AsyncClient, body: Json) -> None:
    location = await submit(school, body)
    waiting = next(h for h in (await school.get(location)).json()["handovers"] if h["team"] is None)
    referral = await add(school, location, "facts", {"circumstances": {"youthHelp": None}})
    offered = next(h for h in referral["handovers"] if h["id"] == waiting["id"])
    assert (offered["status"], offered["version"]) == ("offered", 2)
    assert offered["routes"][0]["provision"] == "wmo"
    assert offered["deadlines"]


async def test_a_move_takes_the_mark_of_a_merged_home_with_it_and_leaves_the_other_marks(
    school: AsyncClient, body: Json
) -> None:
    body["homeMunicipality"], body["residence"] = "Appingedam", {"actualStayMunicipality": "Delfzijl"}
    location = await submit(school, body)

    async def marked() -> list[str]:
        return list((await school.get(f"{location}/receipt")).json()["facts"]["merged"])

    assert await marked() == ["homeMunicipality", "residence.actualStayMunicipality"]
    await add(school, location, "facts", {"homeMunicipality": "Zwolle"})
    assert await marked() == ["residence.actualStayMunicipality"]
    await add(school, location, "facts", {"residence": {"actualStayMunicipality": "Zwolle"}})
    assert await marked() == []


async def test_a_move_offers_elsewhere_and_what_was_not_accepted_follows(
    school: AsyncClient, body: Json
) -> None:
    body["problemDomains"] = ["debts"]
    location = await submit(school, body)
    referral = await add(school, location, "facts", {"homeMunicipality": "Dalfsen"})
    assert statuses(referral) == {"kampen-schuldhulp": "redirected", "dalfsen-schuldhulp": "offered"}
    left, gone_to = sorted(referral["handovers"], key=lambda h: h["status"], reverse=True)
    assert left["succeededBy"] == gone_to["id"]
    assert gone_to["precededBy"] == left["id"]


async def test_a_home_may_be_taken_away_when_the_status_says_why(school: AsyncClient, body: Json) -> None:
    location = await submit(school, body)
    gone = {"homeMunicipality": None, "residence": {"status": "abroad"}}
    await add(school, location, "facts", gone)
    facts = (await school.get(f"{location}/receipt")).json()["facts"]
    assert (facts["homeMunicipality"], facts["residence"]["status"]) == (None, "abroad")


async def test_the_same_facts_again_change_nothing(school: AsyncClient, body: Json) -> None:
    location = await submit(school, body)
    told = {"circumstances": {"youthHelp": None}}
    first = await add(school, location, "facts", told)
    assert await add(school, location, "facts", told) == first


async def test_a_birth_date_is_added_to_who_the_team_sees(school: AsyncClient, body: Json) -> None:
    body["student"] = {**body["student"], "birthDate": None, "age": 19}
    location = await submit(school, body)
    await add(school, location, "facts", {"student": {"birthDate": "2006-12-15"}})
    receipt = (await school.get(f"{location}/receipt")).json()
    assert receipt["facts"]["birthDate"] == "2006-12-15"


async def test_every_version_is_kept(school: AsyncClient, body: Json, owner: Any) -> None:
    location = await submit(school, body)
    await add(school, location, "facts", {"circumstances": {"youthHelp": None}})
    versions = await owner.fetch("SELECT version FROM decision ORDER BY version")
    assert [row["version"] for row in versions] == [1, 2]
    events = [row["type"] for row in await owner.fetch("SELECT type FROM event ORDER BY id")]
    assert events.count("referral.decided") == 2


async def test_consent_offers_what_waited_for_it(school: AsyncClient, body: Json) -> None:
    consents, body["consents"], body["problemDomains"] = body["consents"], [], ["debts"]
    location = await submit(school, body)
    assert statuses((await school.get(location)).json()) == {"kampen-schuldhulp": "needs_consent"}
    referral = await add(school, location, "consents", {"consents": consents})
    assert statuses(referral) == {"kampen-schuldhulp": "offered"}


async def test_consent_for_another_receiver_offers_nothing(school: AsyncClient, body: Json) -> None:
    consents, body["consents"], body["problemDomains"] = body["consents"], [], ["debts"]
    location = await submit(school, body)
    told = {"consents": [{**consents[0], "recipients": ["gp"]}]}
    assert statuses(await add(school, location, "consents", told)) == {"kampen-schuldhulp": "needs_consent"}


@pytest.mark.parametrize("given_before", [True, False])
async def test_refused_or_withdrawn_consent_ends_what_has_not_started(
    school: AsyncClient, body: Json, *, given_before: bool
) -> None:
    body["problemDomains"] = ["debts"]
    refusal = {**body["consents"][0], "givenOn": "2026-11-20", "refused": True}
    body["consents"] = body["consents"] if given_before else []
    referral = await add(school, await submit(school, body), "consents", {"consents": [refusal]})
    assert statuses(referral) == {"kampen-schuldhulp": "withdrawn"}
    assert referral["status"] == "withdrawn"


async def test_another_leads_where_the_lead_ends_for_want_of_consent(school: AsyncClient, body: Json) -> None:
    body["consents"] = []
    refusal = {"givenBy": "student", "givenOn": "2026-11-20", "purpose": "referral", "recipients": "all"}
    told = {"consents": [{**refusal, "refused": True}]}
    referral = await add(school, await submit(school, body), "consents", told)
    leads = {h["status"]: h["lead"] for h in referral["handovers"]}
    assert leads == {"withdrawn": True, "needs_information": True}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("facts", {}),
        ("facts", {"homeMunicipality": "Nergenshuizen"}),
        ("facts", {"residence": None}),
        ("facts", {"circumstances": None}),
        ("facts", {"student": {"birthDate": "2036-01-01"}}),
        ("facts", {"residence": {"stay": {"kind": "foster_care", "since": "2036-01-01"}}}),
        ("facts", {"circumstances": {"youthHelp": [ENDED_FIRST]}}),
        ("facts", {"circumstances": {"acuteDomains": ["housing"]}}),
        ("facts", {"homeMunicipality": None}),
        ("facts", {"problemDomains": ["debts"]}),
        ("facts", {"bsn": "123456782"}),
        ("facts", {"referenceDate": "2014-12-31"}),
        ("consents", {}),
        ("consents", {"consents": []}),
        ("consents", {"consents": [{"givenBy": "teacher"}]}),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_and_changes_nothing(
    school: AsyncClient, body: Json, kind: str, told: Json
) -> None:
    location = await submit(school, body)
    before = (await school.get(location)).json()
    answer = await school.post(f"{location}/{kind}", json=told)
    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert (await school.get(location)).json() == before


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"student": {"birthDate": "2026-05-15"}}, "/student/birthDate"),
        ({"residence": {"stay": {"kind": "shelter", "since": "2026-05-15"}}}, "/residence/stay/since"),
        ({"referenceDate": "2022-01-01"}, "/referenceDate"),
        ({"student": {"birthDate": "1905-01-01"}}, "/student/birthDate"),
    ],
)
async def test_facts_that_cannot_be_beside_those_of_before_are_refused(
    school: AsyncClient, body: Json, told: Json, place: str
) -> None:
    body["referenceDate"] = "2026-05-14"
    body["residence"] = {"stay": {"kind": "shelter", "since": "2023-01-01"}}
    answer = await school.post(f"{await submit(school, body)}/facts", json=told)
    assert answer.status_code == 400
    assert [found["location"] for found in answer.json()["errors"]] == [place]


async def test_new_facts_are_read_for_the_day_of_the_referral(school: AsyncClient, body: Json) -> None:
    body["referenceDate"] = "2027-06-01"
    stay = {"residence": {"stay": {"kind": "shelter", "since": "2027-05-01"}}}
    assert (await add(school, await submit(school, body), "facts", stay))["decisionVersion"] == 2


async def test_another_schools_referral_is_not_found(school: AsyncClient, body: Json, make_key: Any) -> None:
    location = await submit(school, body)
    other = {"Authorization": f"Bearer {await make_key('school', '00ZY', 'referrer')}"}
    for kind, told in (
        ("facts", {"homeMunicipality": "Zwolle"}),
        ("consents", {"consents": body["consents"]}),
    ):
        answer = await school.post(f"{location}/{kind}", json=told, headers=other)
        assert answer.status_code == 404


def advised(referral: Json) -> dict[str, str]:
    return {f"{advice['role']} {advice['kind']}": advice["status"] for advice in referral["advice"]}


async def test_advice_that_still_holds_stays_and_what_no_longer_does_is_not_needed(
    school: AsyncClient, body: Json
) -> None:
    body["problemDomains"], body["student"]["birthDate"] = ["mental_health"], "2009-12-15"
    location = await submit(school, body)
    moved = await add(school, location, "facts", {"homeMunicipality": "Dalfsen"})
    assert advised(moved) == {"alongside gp": "open"}
    grown = await add(school, location, "facts", {"student": {"birthDate": "2006-12-15"}})
    assert advised(grown) == {"alongside gp": "not_needed", "primary gp": "open"}
    assert set(statuses(grown).values()) == {"redirected"}
