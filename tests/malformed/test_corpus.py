"""Every class of malformed request at every operation: no 5xx, no echo, a small problem, nothing stored."""

import json
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.openapi import document
from tests.malformed.classes import CANARY
from tests.malformed.driver import PLACES, Case, cases_of, faults_of, send
from tests.malformed.operations import Operation, operations_of

# `make corpus` sends every class to every field of every operation.
EVERY_FIELD = "CORPUS_EVERY_FIELD" in os.environ
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
Stored = dict[str, Any]
Look = Callable[[], Awaitable[Stored]]


@pytest.fixture
async def stored(owner: asyncpg.Connection) -> Look:
    """What the tables hold: how many rows, and a sum over their content."""
    tables = [row["relname"] for row in await owner.fetch(TABLES)]
    sums = [
        f"(SELECT (count(*), sum(hashtext(t::text)))::text FROM {name} t) AS {name}"  # noqa: S608  our tables
        for name in tables
    ]
    query = f"SELECT {', '.join(sums)}"

    async def look() -> Stored:
        return dict(await owner.fetchrow(query))

    return look


@pytest.fixture
async def operations(app: FastAPI, key: str) -> list[Operation]:
    """Every operation of the program, with a referral and a handover to ask for."""
    example = document()["components"]["examples"]["ReferralRequest"]["value"]
    example = {**example, "referenceDate": "2026-05-14"}  # on which a team receives it
    async with AsyncClient(transport=ASGITransport(app), base_url="http://service") as http:
        http.headers["Authorization"] = f"Bearer {key}"
        created = (await http.post("/v1/referrals", json=example)).json()
    existing = {
        "/referrals/{id}": created["id"],
        "/referrals/{id}/advice/{adviceId}": created["advice"][0]["id"],
        "/handovers/{id}": created["handovers"][0]["id"],
    }
    return operations_of(document(), existing, every_field=EVERY_FIELD)


async def run(app: ASGIApp, cases: Iterable[Case], key: str) -> tuple[Counter[str], list[str]]:
    """How often each class was sent, and every fault with the place where it was found."""
    sent: Counter[str] = Counter()
    faults: list[str] = []
    for case in cases:
        sent[case.kind] += 1
        try:
            found = list(faults_of(case, await send(app, case, key)))
        except TimeoutError:
            found = ["no answer in time"]
        faults += (f"{case.operation.name} {case.place} [{case.kind}] {fault}" for fault in found)
    return sent, faults


async def test_no_malformed_request_breaks_anything(
    app: FastAPI, key: str, operations: list[Operation], stored: Look, capsys: pytest.CaptureFixture[str]
) -> None:
    places = None if EVERY_FIELD else PLACES
    cases = [case for operation in operations for case in cases_of(operation, places)]
    capsys.readouterr()
    before = await stored()
    sent, faults = await run(app, (case for case in cases if case.refused), key)
    assert faults == []
    assert await stored() == before
    possible, faults = await run(app, (case for case in cases if not case.refused), key)
    logged = capsys.readouterr()
    assert faults == []
    assert CANARY not in (logged.out + logged.err).lower()
    classes, requests = len(sent.keys() | possible.keys()), sent.total() + possible.total()
    with capsys.disabled():
        print(f"\nmalformed: {classes} classes x {len(operations)} operations = {requests} requests")
    assert classes >= 60
    assert {case.operation.name for case in cases} == {operation.name for operation in operations}


async def naive(scope: Scope, receive: Receive, send: Send) -> None:
    """A handler as one writes it first: reads what it can, repeats what it cannot."""
    body = (await receive())["body"]
    found = json.loads(body or b"{}")
    if any("\x00" in str(value) for value in found.values()):
        raise_status, told = 500, b"Internal Server Error"
    else:
        raise_status, told = 422, json.dumps({"detail": [{"input": found, "path": scope["path"]}]}).encode()
    await send({"type": "http.response.start", "status": raise_status, "headers": []})
    await send({"type": "http.response.body", "body": told})


async def test_a_naive_handler_is_found_out(operations: list[Operation]) -> None:
    operation = next(one for one in operations if one.name == "POST /decisions")
    readable = [case for case in cases_of(operation) if _loads(case.body)]
    _, faults = await run(naive, readable, "")
    found = " ".join(faults)
    for fault in ("500", "no problem", "an echo", "bytes"):
        assert fault in found


def _loads(body: bytes | None) -> bool:
    try:
        return isinstance(json.loads(body or b""), dict)
    except (ValueError, RecursionError):
        return False


async def test_a_refusal_that_stored_something_is_found_out(
    app: FastAPI, key: str, operations: list[Operation], stored: Look, owner: asyncpg.Connection
) -> None:
    operation = next(one for one in operations if one.name == "POST /referrals")
    before = await stored()
    await run(app, list(cases_of(operation))[:20], key)
    assert await stored() == before
    await owner.execute("UPDATE referral SET status = 'closed'")
    assert await stored() != before
