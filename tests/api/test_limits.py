"""What a client may ask is limited, told in headers, and shared by all replicas."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from joserfc.jwk import RSAKey

from app.adapters.clock import SystemClock
from app.api.openapi import document
from app.config import Settings
from app.main import create_app
from app.resources import Resources
from app.routing import Rulebook
from app.services.clients import register_oauth_client
from tests.adapters.issuer import AUDIENCE, CLIENT, ISSUER, Issuer

MakeKey = Callable[..., Awaitable[str]]
Json = dict[str, Any]
QUOTA, WINDOW = 5, 60
# A list of one string with integers as parameters, as RFC 9651 writes it.
STRUCTURED = re.compile(r'"([a-z]+)"((?:;[a-z]+=\d{1,15})+)')


def structured(field: str) -> tuple[str, dict[str, int]]:
    """The string and the parameters of a structured field; fails where it is none."""
    found = STRUCTURED.fullmatch(field)
    assert found is not None, field
    pairs = (part.split("=") for part in found[2].split(";")[1:])
    return found[1], {name: int(value) for name, value in pairs}


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer(RSAKey.generate_key(2048, private=True), time.time())


@pytest.fixture
async def settings(settings: Settings, issuer: Issuer, tmp_path: Path) -> Settings:
    trust = {"oauth_issuers": {ISSUER: issuer.publish(tmp_path / "jwks.json")}, "oauth_audience": AUDIENCE}
    return settings.model_copy(update={"quota_requests": QUOTA, "quota_seconds": WINDOW, **trust})


@pytest.fixture
async def key(make_key: MakeKey) -> str:
    return await make_key("school", "00ZZ", "referrer")


@pytest.fixture(params=["key", "token"])
async def credential(
    request: pytest.FixtureRequest, key: str, issuer: Issuer, resources: Resources, owner: asyncpg.Connection
) -> str:
    """What a client shows: a key, or the token of a client of the same school."""
    if request.param == "key":
        return key
    school = await owner.fetchval("SELECT id FROM organisation WHERE code = '00ZZ'")
    named: Json = {"issuer": ISSUER, "client_id": CLIENT, "label": "sis", "roles": frozenset({"referrer"})}
    async with resources.database.transaction() as connection:
        await register_oauth_client(connection, school, **named, now=SystemClock().now())
    return issuer.token()


@pytest.fixture
async def other_http(settings: Settings, rulebook: Rulebook) -> AsyncIterator[AsyncClient]:
    """A second replica over the same database."""
    built = create_app(settings, rulebook)
    async with (
        built.router.lifespan_context(built),
        AsyncClient(transport=ASGITransport(built), base_url="http://service") as client,
    ):
        yield client


async def ask(http: AsyncClient, key: str, path: str = "/v1/referrals") -> Response:
    return await http.get(path, headers={"Authorization": f"Bearer {key}"})


async def test_every_answer_to_a_client_says_what_is_left(http: AsyncClient, key: str) -> None:
    for path, status, left in [
        ("/v1/referrals", 200, 4),
        ("/v1/referrals/x", 404, 3),
        ("/v1/referrals?limit=x", 400, 2),
    ]:
        answer = await ask(http, key, path)
        assert answer.status_code == status
        assert structured(answer.headers["ratelimit-policy"]) == ("default", {"q": QUOTA, "w": WINDOW})
        name, said = structured(answer.headers["ratelimit"])
        assert (name, said["r"]) == ("default", left)
        assert 0 < said["t"] <= WINDOW


async def test_who_asked_all_is_told_when_to_come_back(http: AsyncClient, credential: str) -> None:
    for _ in range(QUOTA):
        assert (await ask(http, credential)).status_code == 200
    refused = await ask(http, credential)
    wait = int(refused.headers["retry-after"])
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "https://iana.org/assignments/http-problem-types#quota-exceeded"
    assert refused.json()["violated-policies"] == ["default"]
    assert structured(refused.headers["ratelimit"]) == ("default", {"r": 0, "t": wait})
    assert WINDOW / QUOTA - 2 < wait <= WINDOW / QUOTA


async def test_two_replicas_share_what_a_client_may_ask(
    http: AsyncClient, other_http: AsyncClient, credential: str
) -> None:
    both = (http, other_http)
    answers = await asyncio.gather(*(ask(both[number % 2], credential) for number in range(4 * QUOTA)))
    assert Counter(answer.status_code for answer in answers) == {200: QUOTA, 429: 3 * QUOTA}


async def test_nobody_empties_the_bucket_of_another(http: AsyncClient, key: str, make_key: MakeKey) -> None:
    other = await make_key("school", "00ZZ", "referrer")
    wrong = key[:-1] + ("0" if key[-1] != "0" else "1")
    for guess in [other] * (QUOTA + 1) + [wrong] * (QUOTA + 1):
        await ask(http, guess)
    assert structured((await ask(http, key)).headers["ratelimit"])[1]["r"] == QUOTA - 1
    assert "ratelimit" not in (await ask(http, wrong)).headers


class TestOfASecond:
    @pytest.fixture
    async def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"quota_requests": 2, "quota_seconds": 1})

    async def test_what_was_asked_comes_back_evenly(self, http: AsyncClient, key: str) -> None:
        statuses = [(await ask(http, key)).status_code for _ in range(3)]
        await asyncio.sleep(0.6)
        statuses += [(await ask(http, key)).status_code for _ in range(2)]
        assert statuses[:3] == [200, 200, 429] or statuses.count(200) > 3, "slower than the bucket fills"
        assert statuses[3] == 200


class TestWithoutALimit:
    @pytest.fixture
    async def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"quota_requests": 0})

    async def test_zero_is_no_limit_and_no_header(self, http: AsyncClient, key: str) -> None:
        answers = [await ask(http, key) for _ in range(QUOTA + 3)]
        assert {answer.status_code for answer in answers} == {200}
        assert not any("ratelimit" in answer.headers for answer in answers)


async def test_open_data_has_no_limit(http: AsyncClient) -> None:
    answers = [await http.get("/v1/municipalities/0193") for _ in range(QUOTA + 3)]
    assert {answer.status_code for answer in answers} == {200}


def test_every_operation_for_clients_declares_429(app: FastAPI) -> None:
    assert app.title
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            assert ("429" in operation["responses"]) == bool(operation["security"]), f"{method} {path}"


def test_the_document_names_the_headers() -> None:
    of_429 = document()["components"]["responses"]["TooManyRequests"]["headers"]
    of_list = document()["paths"]["/referrals"]["get"]["responses"]["200"]["headers"]
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= of_429.keys()
    assert {"RateLimit", "RateLimit-Policy"} <= of_list.keys()
