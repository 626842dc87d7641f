"""One log line per request, with a closed set of keys and nothing of what was sent."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
import structlog
from httpx import AsyncClient

from app.adapters import log
from app.adapters.log import log_as_json

Json = dict[str, Any]

KEYS = {
    *("event", "level", "at", "method", "route", "status", "duration_ms"),
    *("request_id", "trace_id", "parent_id", "organisation_id"),
}
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
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


async def test_request_id_and_trace_context_are_keys_of_their_own(
    http: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    request_id = "01a1ffed256c740bb6989ec0ceb3ebe9"
    trace = {"traceparent": f"00-{TRACE}-{SPAN}-01"}
    await http.get("/v1/rules", headers=trace | {"X-Request-Id": request_id})
    await http.get("/v1/rules", headers=trace)
    await http.get("/v1/rules")
    both, traced, neither = lines(capsys)
    assert (both["request_id"], both["trace_id"], both["parent_id"]) == (request_id, TRACE, SPAN)
    assert (traced["request_id"], traced["trace_id"]) == (TRACE, TRACE)
    assert (len(neither["request_id"]), neither["trace_id"], neither["parent_id"]) == (32, None, None)


def test_a_key_that_is_not_in_the_closed_set_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    log_as_json()
    structlog.get_logger().info("request", status=201, surname=CANARY)
    assert lines(capsys)[0].keys() == {"event", "level", "at", "status"}


def test_a_library_is_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    log_as_json()
    log_as_json()
    library = logging.getLogger("sqlalchemy.pool")
    library.warning("a connection for %s", CANARY)
    try:
        int(CANARY)
    except ValueError:
        library.exception("it failed for %s", CANARY)
    logged = capsys.readouterr()
    first, second = [json.loads(line) for line in logged.out.splitlines()]
    assert (first["event"], first["kind"]) == ("library", "sqlalchemy.pool")
    assert (second["kind"], second["place"].partition(":")[0]) == ("ValueError", "test_logs.py")
    assert CANARY not in logged.out + logged.err


def test_every_key_is_described_for_the_operator() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    for key, meaning in log.KEYS.items():
        assert f"| `{key}` | {meaning} |" in page


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
