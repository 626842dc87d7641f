"""Which websites may read: those of the setting, in every answer; all of them open data alone."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.config import Settings
from app.main import create_app
from app.routing import Rulebook

PORTAL = "https://portal.example"
ASKS = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}
EVERYWHERE = ["/v1/referrals", "/v1/nowhere", "/v1/decisions", "/healthz/live"]


@pytest.fixture
async def app(settings: Settings, rulebook: Rulebook) -> AsyncIterator[FastAPI]:
    built = create_app(settings.model_copy(update={"cors_origins": (PORTAL,)}), rulebook)
    async with built.router.lifespan_context(built):
        yield built


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_a_website_of_the_setting_may_read_every_answer(http: AsyncClient, path: str) -> None:
    answer = await http.get(path, headers={"Origin": PORTAL})
    assert answer.headers["access-control-allow-origin"] == PORTAL
    assert answer.headers["vary"] == "Origin"
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Link", "Location", "API-Version", "Retry-After", "X-Request-Id"} <= set(exposed)
    assert "access-control-allow-credentials" not in answer.headers


async def test_it_may_also_read_an_unexpected_error(app: FastAPI) -> None:
    app.state.resources = None
    async with AsyncClient(transport=ASGITransport(app), base_url="http://service") as client:
        answer = await client.get("/v1/rules", headers={"Origin": PORTAL})
    assert answer.status_code == 500
    assert answer.headers["access-control-allow-origin"] == PORTAL


async def test_its_preflight_is_answered(http: AsyncClient) -> None:
    answer = await http.options("/v1/referrals", headers={"Origin": PORTAL, **ASKS})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == PORTAL
    assert "POST" in answer.headers["access-control-allow-methods"]
    sendable = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "content-type", "idempotency-key", "if-match", "if-none-match"} <= set(sendable)
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://portal.example", f"{PORTAL}:8443", f"{PORTAL}.evil.example", "null"],
)
@pytest.mark.parametrize("path", EVERYWHERE)
async def test_no_other_website_may(http: AsyncClient, origin: str, path: str) -> None:
    for answer in (
        await http.get(path, headers={"Origin": origin}),
        await http.options(path, headers={"Origin": origin, **ASKS}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert answer.headers["vary"] == "Origin"


async def test_open_data_stays_open_to_all(http: AsyncClient) -> None:
    for origin in (PORTAL, "https://elsewhere.example"):
        answer = await http.get("/v1/municipalities", headers={"Origin": origin})
        assert answer.headers["access-control-allow-origin"] == "*"
