"""Clients come in by OAuth token: as who is registered, with no more than the scopes name."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient, Response
from joserfc.jwk import RSAKey

from app.adapters.clock import SystemClock
from app.api.openapi import document
from app.config import Settings
from app.errors import Conflict
from app.resources import Resources
from app.services.clients import create_organisation, register_oauth_client, revoke_client
from tests.adapters.issuer import AUDIENCE, CLIENT, ISSUER, Issuer

KEY = RSAKey.generate_key(2048, private=True)
NOW = SystemClock().now()
CHALLENGE = 'Bearer realm="verwijsroute"'

Json = dict[str, Any]
Get = Callable[..., Any]


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(KEY, time.time())


@pytest.fixture
async def settings(settings: Settings, issuer: Issuer, tmp_path: Path) -> Settings:
    files = {ISSUER: issuer.publish(tmp_path / "jwks.json")}
    return settings.model_copy(update={"oauth_issuers": files, "oauth_audience": AUDIENCE})


async def register(resources: Resources, *roles: str, code: str = "00ZZ", **rights: Any) -> str:
    async with resources.database.transaction() as connection:
        organisation = await create_organisation(connection, kind="school", code=code, name="x", now=NOW)
        given: Json = {
            "issuer": ISSUER,
            "client_id": CLIENT,
            "label": "sis",
            "roles": frozenset(roles),
            "now": NOW,
        }
        return await register_oauth_client(connection, organisation, **given | rights)


@pytest.fixture
async def registered(resources: Resources) -> str:
    """The client of the tokens, as a school that refers and audits."""
    return await register(resources, "referrer", "auditor")


@pytest.fixture
def get(http: AsyncClient) -> Get:
    async def ask(token: str, path: str = "/v1/referrals") -> Response:
        return await http.get(path, headers={"Authorization": f"Bearer {token}"})

    return ask


@pytest.mark.usefixtures("registered")
async def test_a_token_places_a_referral_for_the_organisation_of_its_client(
    http: AsyncClient, issuer: Issuer, body: Json
) -> None:
    http.headers["Authorization"] = f"Bearer {issuer.token()}"
    placed = await http.post("/v1/referrals", json=body)
    assert placed.status_code == 201
    assert (await http.get("/v1/referrals")).json()["items"][0]["id"] == placed.json()["id"]


@pytest.mark.usefixtures("registered")
async def test_a_token_that_is_not_good_is_401_and_says_no_more(get: Get, issuer: Issuer) -> None:
    answers = [
        await get(token)
        for token in (issuer.token(aud="https://x.example"), issuer.token(exp=1), "x.y.z", "kanarie9137")
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].headers["www-authenticate"] == f'{CHALLENGE}, error="invalid_token"'
    assert answers[0].headers["content-type"] == "application/problem+json"


async def test_who_sends_nothing_is_told_no_error(http: AsyncClient) -> None:
    answer = await http.get("/v1/referrals")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, CHALLENGE)


async def test_a_good_token_of_a_client_that_nobody_registered_is_401(
    get: Get, issuer: Issuer, registered: str, resources: Resources
) -> None:
    assert (await get(issuer.token(client_id="een-ander"))).status_code == 401
    assert (await get(issuer.token())).status_code == 200
    async with resources.database.transaction() as connection:
        await revoke_client(connection, registered, now=NOW)
    assert (await get(issuer.token())).status_code == 401


async def test_a_registration_ends_on_its_day(get: Get, issuer: Issuer, resources: Resources) -> None:
    await register(resources, "referrer", expires_at=NOW - timedelta(seconds=1))
    assert (await get(issuer.token())).status_code == 401


async def test_a_client_is_registered_once_at_a_time(resources: Resources, registered: str) -> None:
    with pytest.raises(Conflict):
        await register(resources, "team", code="01ZZ")
    async with resources.database.transaction() as connection:
        await revoke_client(connection, registered, now=NOW)
    assert await register(resources, "team", code="01ZZ") != registered


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("scope", [None, "openid", "verwijsroute.auditor", "verwijsroute.team"])
async def test_a_token_without_the_scope_is_403_and_hears_which(
    get: Get, issuer: Issuer, scope: str | None
) -> None:
    answer = await get(issuer.token(scope=scope))
    wanted = 'error="insufficient_scope", scope="verwijsroute.referrer"'
    assert (answer.status_code, answer.headers["www-authenticate"]) == (403, f"{CHALLENGE}, {wanted}")
    assert answer.json()["type"].endswith("insufficient-scope")


@pytest.mark.usefixtures("registered")
async def test_a_scope_gives_no_role_that_the_client_does_not_have(get: Get, issuer: Issuer) -> None:
    answer = await get(issuer.token(scope="verwijsroute.desk verwijsroute.operator"), "/v1/handovers")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("not-allowed")


@pytest.mark.usefixtures("registered")
async def test_a_token_in_the_query_is_401_and_never_logged(
    http: AsyncClient, issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    token = issuer.token()
    answer = await http.get(f"/v1/referrals?access_token={token}")
    await http.get("/v1/referrals", headers={"Authorization": f"Bearer {token}x"})
    logged = capsys.readouterr()
    assert answer.status_code == 401
    assert '"request"' in logged.out
    assert not any(part in logged.out + logged.err + answer.text for part in token.split("."))


def test_the_document_tells_the_scope_of_each_operation() -> None:
    schemes = document()["components"]["securitySchemes"]
    scopes = schemes["token"]["flows"]["clientCredentials"]["scopes"]
    assert document()["paths"]["/referrals"]["post"]["security"] == [
        {"key": []},
        {"token": ["verwijsroute.referrer"]},
    ]
    named = {scope for ways in asked() for way in ways for scope in way.get("token", [])}
    assert all(not ways or {"key": []} in ways for ways in asked())
    assert named == set(scopes), json.dumps(sorted(named))


def asked() -> list[list[dict[str, list[str]]]]:
    """What each operation asks for."""
    return [operation["security"] for item in document()["paths"].values() for operation in item.values()]
