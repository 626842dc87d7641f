"""All replicas use a new reference within a request, and one request never mixes two."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.config import Settings
from app.db import Database
from app.db.database import build_engine
from app.main import create_app
from app.reference import Reference, open_reference, read_reference
from app.resources import LOOK_EVERY, Resources
from app.routing import Rulebook
from app.services.clients import authenticate
from app.services.directories import current_edition
from app.services.reference_import import Allowed, put_in_force, report_on
from app.services.references import find_edition, find_reference

Json = dict[str, Any]
pytestmark = pytest.mark.usefixtures("directory")


@pytest.fixture
async def replicas(settings: Settings, rulebook: Rulebook) -> AsyncIterator[list[FastAPI]]:
    """Two processes' worth of applications over one database."""
    async with AsyncExitStack() as stack:
        apps = [create_app(settings, rulebook) for _ in range(2)]
        for app in apps:
            await stack.enter_async_context(app.router.lifespan_context(app))
        yield apps


def called(name: str) -> Reference:
    """The shipped reference in which Kampen has another name, and 8261 lies in Zwolle alone."""
    files = dict(open_reference().files)
    files["municipalities"] = files["municipalities"].replace("GM0166,Kampen,", f"GM0166,{name},")
    files["pc4_municipality"] = files["pc4_municipality"].replace("8261,0166,", "8261,0193,")
    return read_reference(files)


@pytest.fixture
def put(resources: Resources) -> Callable[[Reference], Awaitable[int]]:
    """Puts a reference in force, past every application."""

    async def put_(after: Reference) -> int:
        today, now = resources.clock.today(), resources.clock.now()
        async with resources.database.transaction() as connection:
            edition = await find_edition(connection, await current_edition(connection))
            report = await report_on(connection, edition, after, Allowed(), today)
            return await put_in_force(connection, after, report, today=today, now=now)

    return put_


async def test_every_replica_decides_by_a_new_reference_in_the_next_request(
    replicas: list[FastAPI], put: Any, school: AsyncClient, body: Json
) -> None:
    for name in ("Kampen", "Eerste", "Tweede"):
        if name != "Kampen":
            await put(called(name))
        for app in replicas:
            async with AsyncClient(transport=ASGITransport(app), base_url="http://service") as client:
                answer = await client.post("/v1/decisions", json=body, headers=school.headers)
            route = answer.json()["routes"][0]
            assert route["responsible"]["municipality"] == {"code": "0166", "name": name}


async def test_postcode_and_places_of_one_request_are_of_one_reference(
    school: AsyncClient, put: Any, body: Json
) -> None:
    before = (await school.post("/v1/decisions", json=body)).json()
    await put(called("Nieuw"))
    after = (await school.post("/v1/decisions", json=body)).json()
    assert [before["contradictions"], before["directory"]["edition"] + 1] == [
        [],
        after["directory"]["edition"],
    ]
    assert len(after["contradictions"]) == 1
    assert after["routes"][1]["responsible"]["municipality"]["name"] == "Nieuw"


async def test_a_reference_that_comes_during_a_request_is_not_mixed_into_it(
    school: AsyncClient, put: Any, body: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def authenticate_and_change(*of: Any) -> Any:
        client = await authenticate(*of)
        await put(called("Nieuw"))
        return client

    monkeypatch.setattr("app.deps.credentials.authenticate", authenticate_and_change)
    told = (await school.post("/v1/decisions", json=body)).json()
    responsible = told["routes"][1]["responsible"]["municipality"]["name"]
    assert (told["directory"]["edition"], told["contradictions"], responsible) == (2, [], "Kampen")


async def test_open_data_follows_within_seconds_and_without_a_query_each(
    http: AsyncClient, resources: Resources, put: Any
) -> None:
    assert (await http.get("/v1/municipalities/0166")).json()["name"] == "Kampen"
    await put(called("Nieuw"))
    assert (await http.get("/v1/municipalities/0166")).json()["name"] == "Kampen"
    resources.looked_at -= LOOK_EVERY
    assert (await http.get("/v1/municipalities/0166")).json()["name"] == "Nieuw"
    assert (await http.get("/v1/postcodes/8261")).json()["municipalities"][0]["municipality"][
        "code"
    ] == "0193"


async def test_a_process_that_starts_says_which_reference_is_in_force_and_answers_by_it(
    settings: Settings, rulebook: Rulebook, put: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    await put(called("Nieuw"))
    capsys.readouterr()
    started = create_app(settings, rulebook)
    async with started.router.lifespan_context(started):
        assert json.loads(capsys.readouterr().out)["in_force"] == called("Nieuw").hash
        async with AsyncClient(transport=ASGITransport(started), base_url="http://service") as client:
            assert (await client.get("/v1/municipalities/0166")).json()["name"] == "Nieuw"


async def test_open_data_is_answered_while_the_database_is_away(
    http: AsyncClient, resources: Resources, settings: Settings
) -> None:
    await http.get("/v1/municipalities")
    resources.looked_at = float("-inf")
    resources.database = Database(build_engine("postgresql://nobody@127.0.0.1:1/nothing", settings))
    assert (await http.get("/v1/municipalities")).status_code == 200


async def test_a_reference_is_read_once_however_many_requests_want_it(
    school: AsyncClient, put: Any, body: Json, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str | None] = []

    async def counting(connection: Any, hash: str | None) -> Reference:
        read.append(hash)
        return await find_reference(connection, hash)

    monkeypatch.setattr("app.resources.find_reference", counting)
    await put(called("Nieuw"))
    for _ in range(5):
        await school.post("/v1/decisions", json=body)
    assert read == [called("Nieuw").hash]
    assert list(resources.references) == [open_reference().hash, called("Nieuw").hash]


async def test_a_referral_of_before_a_merger_takes_new_facts_after_it(
    school: AsyncClient, put: Any, body: Json
) -> None:
    stored = (await school.post("/v1/referrals", json={**body, "homeMunicipality": "0180"})).json()
    files = dict(open_reference().files)
    for name in ("municipalities", "municipality_regions", "pc4_municipality", "pc4_municipality_candidates"):
        lines = files[name].splitlines(keepends=True)
        files[name] = "".join(line for line in lines if not ("0180," in line and "Staphorst" in line))
    files["municipality_successors"] += "0180,Staphorst,2026-11-01,0193,Zwolle\n"
    await put(read_reference(files))
    answer = await school.post(
        f"/v1/referrals/{stored['id']}/facts", json={"circumstances": {"single": True}}
    )
    decision = answer.json()["decision"]
    assert decision["routes"][0]["responsible"]["municipality"]["code"] == "0193"
    assert "MUNICIPALITY_MERGED" in {warning["code"] for warning in decision["warnings"]}


async def test_the_organisations_that_work_on_a_day_are_listed(http: AsyncClient) -> None:
    async def names(query: str) -> set[str]:
        answer = await http.get(f"/v1/youth-protection-organisations{query}")
        return {item["name"] for item in answer.json()["items"]}

    assert "Stichting Intervence" in await names("")
    assert "Stichting Intervence" in await names("?validOn=2021-12-31")
    assert "Stichting Intervence" not in await names("?validOn=2022-01-01")
    assert "Jeugdbescherming Overijssel Regiokantoor IJsselland" in await names("?validOn=2026-11-21")
