"""One log line per request, with a closed set of keys and nothing of what was sent."""

import json
from typing import Any

import pytest
from httpx import AsyncClient

Json = dict[str, Any]

KEYS = {"event", "level", "at", "method", "route", "status", "duration_ms", "request_id", "organisation_id"}
CANARY = "kanarie9137"


def lines(capsys: pytest.CaptureFixture[str]) -> list[Json]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("directory")
async def test_a_request_is_one_line_with_a_closed_set_of_keys(
    school: AsyncClient, body: Json, capsys: pytest.CaptureFixture[str]
) -> None:
    created = await school.post("/v1/referrals", json=body)
    await school.get(created.headers["location"])
    first, second = lines(capsys)
    assert first.keys() == KEYS
    assert (first["method"], first["route"], first["status"]) == ("POST", "/v1/referrals", 201)
    assert second["route"] == "/v1/referrals/{id}"
    assert first["organisation_id"] == second["organisation_id"]
    assert first["request_id"] == created.headers["x-request-id"]


@pytest.mark.usefixtures("directory")
async def test_nothing_that_was_sent_is_logged(
    school: AsyncClient, body: Json, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("surname", "firstNames", "studentNumber", "houseNumber"):
        body["student"][name] = CANARY
    headers = {"X-Request-Id": CANARY, "User-Agent": CANARY, "Acting-User": CANARY, CANARY: CANARY}
    assert (await school.post("/v1/referrals", json=body, headers=headers)).status_code == 201
    await school.post("/v1/referrals", json={**body, CANARY: CANARY})
    for path in (f"/v1/referrals/{CANARY}", f"/{CANARY}", f"/v1/handovers?municipality={CANARY}"):
        await school.get(path)
    await school.request(CANARY, "/v1/referrals")
    logged = capsys.readouterr()
    assert len(logged.out.splitlines()) == 6
    assert CANARY not in logged.out + logged.err
