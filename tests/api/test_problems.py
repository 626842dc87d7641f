"""Errors are problem+json that say where and what, and never repeat the input."""

import copy
import json
import time
from typing import Any

import pytest
from httpx import AsyncClient, Response

from app.schemas.json_body import _known_name, names_citizen_number

Json = dict[str, Any]

CANARY = "kanarie9137"


def faults(answer: Response) -> list[tuple[str, str]]:
    return [(item["location"], item["code"]) for item in answer.json()["errors"]]


def check_problem(answer: Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= answer.json().keys()
    assert answer.json()["status"] == status
    assert len(answer.content) <= 2048
    assert CANARY not in answer.text


def changed(body: Json, pointer: str, value: Any) -> Json:
    """The body with one value replaced."""
    made = copy.deepcopy(body)
    *path, last = pointer.removeprefix("/").split("/")
    node: Any = made
    for step in path:
        node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})
    node[int(last) if isinstance(node, list) else last] = value
    return made


MALFORMED: list[tuple[str, Any, str]] = [
    ("/student/surname", f"{CANARY}\x00", "text.refused_character"),
    ("/student/surname", f"{CANARY}\u202e", "text.refused_character"),
    ("/student/surname", " ", "text.blank"),
    ("/student/surname", CANARY * 30, "too_long"),
    ("/student/surname", 5, "type"),
    ("/student/birthDate", 0, "date.format"),
    ("/student/birthDate", "2008-05-15T00:00:00Z", "date.format"),
    ("/student/birthDate", "2008-02-30", "date.no_such_day"),
    ("/student/birthDate", "\u0662\u0660\u0660\u0668-05-15", "date.format"),
    ("/student/birthDate", "0001-01-01", "date.out_of_range"),
    ("/student/birthDate", "9999-12-31", "date.out_of_range"),
    ("/student/birthDate", "2026-05-15", "date.after_reference"),
    ("/student/birthDate", "1901-01-01", "age.too_high"),
    ("/student/age", 10**30, "out_of_range"),
    ("/student/age", -1, "out_of_range"),
    ("/student/age", 17.0, "type"),
    ("/student/age", True, "type"),
    ("/student/postcode", f"8261 {CANARY}", "pattern"),
    ("/student/email", CANARY, "pattern"),
    ("/student/unknownField", CANARY, "unknown_field"),
    ("/student/nested/deeper/burgerservicenummer", CANARY, "citizen_number_refused"),
    ("/student/BSN", CANARY, "citizen_number_refused"),
    ("/pgn", CANARY, "citizen_number_refused"),
    ("/student/onderwijs_nummer", CANARY, "citizen_number_refused"),
    ("/referenceDate", "2014-12-31", "date.out_of_range"),
    ("/referenceDate", "2099-01-01", "date.out_of_range"),
    ("/homeMunicipality", CANARY, "municipality.unknown"),
    ("/homeMunicipality", 193, "type"),
    ("/residence/motherMunicipalityAtBirth", CANARY, "municipality.unknown"),
    ("/residence/stay", {"kind": "foster_care", "since": "2026-05-15"}, "date.after_reference"),
    ("/residence/status", CANARY, "not_allowed"),
    ("/school/brin", "00zz", "pattern"),
    ("/problemDomains", [], "too_short"),
    ("/problemDomains", ["debts"] * 19, "too_long"),
    ("/problemDomains/1", "mental_health", "duplicate"),
    ("/problemDomains/1", CANARY, "not_allowed"),
    ("/supportVariant", "V1", "not_allowed"),
    ("/circumstances/acuteDomains", ["housing"], "domain.not_asked"),
    ("/circumstances/absenceHoursInFourWeeks", 169, "out_of_range"),
    ("/circumstances/needs", {"debts": CANARY}, "not_allowed"),
    ("/circumstances", [CANARY], "type"),
    ("/circumstances/children", [{"birthDate": "2026-05-15"}], "date.after_reference"),
    ("/circumstances/children", [{"birthYear": 2027}], "date.after_reference"),
    ("/circumstances/careRecipientMunicipality", "Bergen", "municipality.ambiguous"),
    ("/consents/0/recipients", CANARY, "not_allowed"),
    ("/consents/0/givenOn", "2099-01-01", "date.in_future"),
    ("/referrer/name", None, "type"),
    ("/reason", "", "text.blank"),
    ("/sourceReference", "with space", "pattern"),
]


@pytest.mark.parametrize(("pointer", "value", "code"), MALFORMED)
async def test_a_malformed_value_is_named_by_place_and_code(
    school: AsyncClient, body: Json, pointer: str, value: Any, code: str
) -> None:
    answer = await school.post("/v1/referrals", json=changed(body, pointer, value))
    check_problem(answer, 400)
    places = [place for place, found in faults(answer) if found == code]
    assert places, answer.text
    assert places[0].startswith(pointer), answer.text


@pytest.mark.parametrize(
    "field", ["student", "homeMunicipality", "problemDomains", "supportVariant", "referrer"]
)
async def test_a_missing_field_is_named(school: AsyncClient, body: Json, field: str) -> None:
    del body[field]
    answer = await school.post("/v1/referrals", json=body)
    check_problem(answer, 400)
    assert any(place.startswith(f"/{field}") for place, _ in faults(answer))


async def test_help_that_ended_before_it_began_is_refused(school: AsyncClient, body: Json) -> None:
    body["circumstances"]["youthHelp"] = [
        {"type": "guidance", "startedOn": "2024-02-01", "endedOn": "2024-01-31"}
    ]
    answer = await school.post("/v1/referrals", json=body)
    assert faults(answer) == [("/circumstances/youthHelp/0/endedOn", "date.before_start")]


async def test_no_home_municipality_needs_a_reason(school: AsyncClient, body: Json) -> None:
    body["homeMunicipality"] = None
    answer = await school.post("/v1/referrals", json=body)
    assert faults(answer) == [("/residence/status", "residence.status_required")]


async def test_a_referral_needs_something_to_know_a_repetition_by(school: AsyncClient, body: Json) -> None:
    del body["sourceReference"]
    answer = await school.post("/v1/referrals", json=body)
    assert faults(answer) == [("/sourceReference", "reference.required")]


DOCUMENTS: list[tuple[bytes, str]] = [
    (b"", "json.invalid"),
    (b"{", "json.invalid"),
    (b"\xff\xfe", "json.invalid"),
    (b"\xef\xbb\xbf{}", "json.invalid"),
    ('{"problemDomains": []}'.encode("utf-16"), "json.invalid"),
    (b'{"reason": NaN}', "json.invalid"),
    (b'{"student": {"age": -Infinity}}', "json.invalid"),
    (b'{"student": {"age": 1e400}}', "type"),
    (b'{"student": {"age": ' + b"9" * 5000 + b"}}", "json.invalid"),
    (b'{"reason": "a", "reason": "b"}', "json.duplicate_key"),
    (b'{"a": {"reason": "a", "reason": "b"}', "json.invalid"),
    (b'{"reason": "\\ud800"}', "text.refused_character"),
    (b'{"\\ud800": 1}', "text.refused_character"),
    (b"[" * 100_000, "json.too_deep"),
    (b'{"a":' * 5000 + b"1" + b"}" * 5000, "json.too_deep"),
    # Python 3.12 and 3.13 read deeper than they can look for what is refused.
    (b'{"bsn": 1, "x": ' + b"[" * 1200 + b"]" * 1200 + b"}", "json.too_deep"),
    (b"null", "type"),
    (b"[]", "type"),
    (b'"kanarie9137"', "type"),
    (b"{" + b",".join(b'"f%d":1' % n for n in range(5000)) + b"}", "too_long"),
    (b'{"consents": [' + b",".join([b"{}"] * 50_000) + b"]}", "too_long"),
]


@pytest.mark.parametrize(("document", "code"), DOCUMENTS)
async def test_a_broken_document_is_refused(school: AsyncClient, document: bytes, code: str) -> None:
    answer = await school.post(
        "/v1/decisions", content=document, headers={"Content-Type": "application/json"}
    )
    check_problem(answer, 400)
    assert code in [found for _, found in faults(answer)], answer.text


async def test_at_most_twenty_faults_are_told_in_two_kilobytes(school: AsyncClient) -> None:
    body = {"student": {f"{CANARY} {n}": n for n in range(100)}}
    answer = await school.post("/v1/decisions", json=body)
    check_problem(answer, 400)
    assert 5 <= len(answer.json()["errors"]) <= 20


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/xml"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {},
    ],
)
async def test_only_plain_json_is_read(school: AsyncClient, body: Json, headers: dict[str, str]) -> None:
    answer = await school.post("/v1/decisions", content=json.dumps(body).encode(), headers=headers)
    check_problem(answer, 415)


async def test_a_body_over_the_limit_is_413(school: AsyncClient) -> None:
    answer = await school.post(
        "/v1/decisions", content=b" " * 1_048_577, headers={"Content-Type": "application/json"}
    )
    check_problem(answer, 413)


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=99999999999999999999", "limit"),
        (f"limit={CANARY}", "limit"),
        (f"cursor={CANARY}", "cursor"),
        (f"status={CANARY}", "status"),
        ("createdFrom=2026-13-01", "createdFrom"),
        ("createdFrom=0", "createdFrom"),
        ("created_from=2026-01-01", "created_from"),
        ("cursor=%00", "cursor"),
    ],
)
async def test_a_faulty_query_parameter_is_named(school: AsyncClient, query: str, place: str) -> None:
    answer = await school.get(f"/v1/referrals?{query}")
    check_problem(answer, 400)
    assert answer.json()["errors"][0]["in"] == "query"
    assert answer.json()["errors"][0]["location"] == place


async def test_a_faulty_idempotency_key_is_named(school: AsyncClient, body: Json) -> None:
    answer = await school.post("/v1/referrals", json=body, headers={"Idempotency-Key": "a b"})
    check_problem(answer, 400)
    assert answer.json()["errors"][0] == {
        "in": "header",
        "location": "Idempotency-Key",
        "code": "pattern",
        "detail": "Deze tekst heeft niet de voorgeschreven vorm.",
    }


SLOW: dict[str, bytes] = {
    "items": b'{"consents": [' + b",".join([b"{}"] * 100_000) + b"]}",
    "citizen numbers": b'{"x": [' + b",".join([b'{"bsn":1}'] * 90_000) + b"]}",
    "doubled names": b'{"x": [' + b",".join([b'{"a":1,"a":1}'] * 70_000) + b"]}",
    "names": b"{" + b",".join(b'"f%d":1' % n for n in range(60_000)) + b"}",
    "lists in a list": b"[" + b",".join([b"[]"] * 300_000) + b"]",
    "escaped quotes": b'"' + b'\\"' * 500_000,
    "digits": b'{"student": {"age": [' + b",".join([b"9" * 4000] * 250) + b"]}}",
    # Putting combining marks in order takes quadratic time: this one took minutes.
    "marks in a row": b'{"reason": "a' + "\u0315\u0300".encode() * 250_000 + b'"}',
    "marks in a name": b'{"homeMunicipality": "a' + "\u0315\u0300".encode() * 250_000 + b'"}',
}


@pytest.mark.parametrize("document", SLOW.values(), ids=SLOW)
async def test_a_hundred_thousand_errors_do_not_take_seconds(school: AsyncClient, document: bytes) -> None:
    started = time.process_time()
    answer = await school.post(
        "/v1/decisions", content=document, headers={"Content-Type": "application/json"}
    )
    check_problem(answer, 400)
    assert time.process_time() - started < 2


def test_long_names_are_not_remembered() -> None:
    before = _known_name.cache_info().currsize
    assert names_citizen_number("x" * 100 + "burgerservicenummer")
    assert _known_name.cache_info().currsize == before
