"""POST /v1/person-exports: a school gets all that it has of one person, and nothing of anybody else."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import pytest
from httpx import Response

from app.adapters.spreadsheet import read_spreadsheet
from app.models.columns import kept_tables
from app.schemas.person_exports import PersonExport
from app.services.erasing import erase_referral
from app.services.person_export import SECTIONS, wire_name
from tests.api.parties import Parties, TickingClock

Json = dict[str, Any]

SANNE: Final = {"studentNumber": "S0012345"}


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(date(2026, 5, 14))


async def asked(parties: Parties, named: Json, who: str = "school", **headers: str) -> Response:
    return await parties.ask(who, "POST", "/v1/person-exports", named, **headers)


async def exported(parties: Parties, named: Json) -> Json:
    answer = await asked(parties, named)
    assert answer.status_code == 200, answer.text
    PersonExport.model_validate_json(answer.content)
    return dict(answer.json())


def ids(export: Json) -> set[str]:
    return {one["referral"]["id"] for one in export["referrals"]}


@pytest.fixture
async def referral(parties: Parties, body: Json) -> Json:
    """A referral with a question of the team, so that it has everything."""
    made = await parties.refer({**body, "problemDomains": ["family_parenting"]})
    await parties.step("kampen", made["handovers"][0]["id"], "ask", question="Kent u de ouders?")
    return made


async def test_it_tells_what_was_sent_decided_said_and_done(
    parties: Parties, referral: Json, body: Json
) -> None:
    [one] = (await exported(parties, SANNE))["referrals"]
    assert one["referral"]["identity"]["student"] == body["student"]
    assert one["referral"]["reason"] == body["reason"]
    assert one["decisions"][0]["receipt"]["decision"] == referral["decision"]
    [consent] = one["decisions"][0]["receipt"]["facts"]["consents"]
    assert consent["recipients"] == "all"
    assert one["handovers"][0]["notes"][0]["question"] == "Kent u de ouders?"
    assert one["handovers"][0]["receiverOrganisation"]["code"] == "0166"
    assert "handover.needs_information" in {event["type"] for event in one["events"]}
    looked = {(look["organisation"]["code"], look["activity"]) for look in one["accessLog"]}
    assert looked >= {("00ZZ", "submit_referral"), ("0166", "take_step")}


async def test_every_column_that_is_told_is_there(parties: Parties, referral: Json) -> None:
    [one] = (await exported(parties, {"referralId": referral["id"]}))["referrals"]
    for table, section in SECTIONS.items():
        items = one[section] if isinstance(one[section], list) else [one[section]]
        told = set(map(wire_name, kept_tables()[table].told))
        assert [set(item) for item in items or [told]] == [told] * len(items or [told]), table


def test_every_table_that_tells_something_has_its_place() -> None:
    assert {name for name, table in kept_tables().items() if table.told} == set(SECTIONS)


@pytest.mark.parametrize("named", [SANNE, {"sourceReference": "sis-2"}])
async def test_all_referrals_of_the_person_are_there_however_named(
    parties: Parties, referral: Json, body: Json, named: Json
) -> None:
    unnumbered = {name: text for name, text in body["student"].items() if name != "studentNumber"}
    second = await parties.refer({**body, "sourceReference": "sis-2", "student": unnumbered})
    bram = {**body["student"], "studentNumber": "S9", "firstNames": "Bram"}
    await parties.refer({**body, "sourceReference": "sis-3", "student": bram})
    assert ids(await exported(parties, named)) == {referral["id"], second["id"]}


async def test_a_birth_date_that_is_told_later_finds_the_person(parties: Parties, body: Json) -> None:
    born = body["student"].pop("birthDate")
    del body["student"]["studentNumber"]
    told = body["student"]
    first = await parties.refer({**body, "student": {**told, "age": 17}})
    second = await parties.refer({**body, "sourceReference": "sis-2", "student": {**told, "birthDate": born}})
    alone = ids(await exported(parties, {"referralId": first["id"]}))
    await parties.tell(first["id"], "facts", {"student": {"birthDate": born}})
    both = ids(await exported(parties, {"referralId": first["id"]}))
    assert (alone, both) == ({first["id"]}, {first["id"], second["id"]})


async def test_nobody_and_anothers_are_not_found_alike(
    parties: Parties, referral: Json, make_key: Any
) -> None:
    parties.keys["other"] = await make_key("school", "00ZY", "referrer")
    nobody = await asked(parties, {"studentNumber": "S0000000"}, "other")
    foreign = [await asked(parties, named, "other") for named in ({"referralId": referral["id"]}, SANNE)]
    assert nobody.status_code == 404
    assert {answer.content for answer in foreign} == {nobody.content}


@pytest.mark.parametrize("named", [{}, {**SANNE, "sourceReference": "sis-1"}])
async def test_just_one_thing_says_who(parties: Parties, named: Json) -> None:
    answer = await asked(parties, named)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "person.one")


async def test_a_team_gets_none(parties: Parties, referral: Json) -> None:
    assert (await asked(parties, {"referralId": referral["id"]}, "kampen")).status_code == 403


async def test_of_what_was_erased_the_tombstone_is_told(parties: Parties, referral: Json) -> None:
    held = parties.resources
    async with held.database.transaction() as connection:
        await erase_referral(connection, held.ledger, UUID(referral["id"]), held.clock.now(), "request")
    [one] = (await exported(parties, {"referralId": referral["id"]}))["referrals"]
    assert (one["referral"]["identity"], one["decisions"][0]["receipt"]) == (None, None)
    assert one["referral"]["erasedAt"]


async def test_as_a_table_it_tells_the_same_and_runs_nowhere(parties: Parties, body: Json) -> None:
    trick = '=HYPERLINK("http://x";A1)'
    await parties.refer({**body, "reason": trick})
    answer = await asked(parties, SANNE, Accept="text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, *rows = read_spreadsheet(answer.content)
    values = {(row[1], row[3]): row[4] for row in rows}
    assert header == ["referral", "part", "item", "field", "value", "description"]
    assert values["referral", "reason"] == trick
    assert values["referral", "identity.student.phone"] == body["student"]["phone"]
    assert values["decisions", "receipt.facts.consents.0.recipients"] == "all"
    assert f'"{trick[0]}' not in answer.text


@pytest.mark.usefixtures("referral")
async def test_the_export_is_on_record(parties: Parties) -> None:
    await exported(parties, SANNE)
    [one] = (await exported(parties, SANNE))["referrals"]
    assert "export_person" in {look["activity"] for look in one["accessLog"]}
