"""Who may call what: keys in the header alone, roles per endpoint, nothing undeclared."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import get_args

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from httpx import AsyncClient

from app.api.declared import access_of, declarations
from app.api.rights import SEEN
from app.api.router import router
from app.cli import access_words
from app.cli.access_page import access_page
from app.services.relations import ROLES_OF, Relation

ROOT = Path(__file__).resolve().parents[2]
MakeKey = Callable[..., Awaitable[str]]
PUBLIC = {
    "/", "/docs", "/static/{name}", "/.well-known/security.txt", "/metrics",
    "/healthz/live", "/healthz/ready", "/v1/openapi.json", "/v1/openapi.yaml",
    "/v1/municipalities", "/v1/municipalities/{code}", "/v1/postcodes/{pc4}", "/v1/rules", "/v1/rules/{id}",
    "/v1/youth-protection-organisations",
}  # fmt: skip
UNKNOWN = f"vr_{'0' * 16}_{'0' * 64}"
CLOSED = [
    *("/v1/referrals", "/v1/handovers", "/v1/events", "/v1/webhook-subscriptions", "/v1/statistics"),
    "/v1/referrals/01a1fdfa-4600-7966-82a4-f3301f248691/receipt",
]


async def test_every_endpoint_declares_who_has_access(app: FastAPI) -> None:
    contexts = list(iter_route_contexts(app.routes))
    assert len(contexts) > 15
    assert {context.path for context in contexts if access_of(context) is None} == PUBLIC


def test_the_committed_page_is_what_the_endpoints_declare() -> None:
    assert (ROOT / "docs" / "access.md").read_text("utf-8") == access_page(declarations(router))


def test_an_endpoint_declares_a_relation_that_its_roles_have() -> None:
    declared: dict[Relation, set[str]] = {}
    for _, _, access in declarations(router):
        if access:
            assert set(access.roles) <= set(ROLES_OF[access.relation])
            declared.setdefault(access.relation, set()).update(access.roles)
    assert declared == {relation: set(roles) for relation, roles in ROLES_OF.items()}


def test_every_relation_says_what_each_of_its_roles_sees() -> None:
    assert set(get_args(Relation)) == ROLES_OF.keys() == SEEN.keys() == access_words.SEEN.keys()
    for relation, roles in ROLES_OF.items():
        assert access_words.SEEN[relation].keys() == set(roles or ("",))


def test_an_endpoint_without_an_access_rule_is_found() -> None:
    forgotten = APIRouter()
    forgotten.add_api_route("/forgotten", lambda: None)
    with pytest.raises(LookupError, match="/forgotten"):
        access_of(next(iter(iter_route_contexts(forgotten.routes))))


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer vr_1_2", "Basic dXNlcjpwYXNz", f"Bearer {UNKNOWN}"]
)
async def test_no_valid_key_is_401(http: AsyncClient, path: str, header: str) -> None:
    answer = await http.get(path, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_key_in_the_query_is_no_key(http: AsyncClient, make_key: MakeKey) -> None:
    key = await make_key("school", "00ZZ", "referrer")
    for name in ("access_token", "api_key", "key"):
        assert (await http.get(f"/v1/referrals?{name}={key}")).status_code == 401


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("referrer", "/v1/referrals", 200),
        ("team", "/v1/referrals", 403),
        ("auditor", "/v1/referrals", 403),
        ("team", "/v1/handovers", 200),
        ("desk", "/v1/handovers", 200),
        ("auditor", "/v1/handovers", 403),
        ("referrer", "/v1/events", 200),
        ("team", "/v1/events", 200),
        ("desk", "/v1/events", 200),
        ("operator", "/v1/events", 200),
        ("auditor", "/v1/events", 403),
        ("referrer", "/v1/webhook-subscriptions", 200),
        ("operator", "/v1/webhook-subscriptions", 200),
        ("auditor", "/v1/webhook-subscriptions", 403),
        ("auditor", "/v1/statistics", 200),
        ("referrer", "/v1/statistics", 403),
        ("team", "/v1/statistics", 403),
    ],
)
async def test_a_role_opens_its_own_doors(
    http: AsyncClient, make_key: MakeKey, role: str, path: str, status: int
) -> None:
    key = await make_key("municipality", "0193", role)
    assert (await http.get(path, headers={"Authorization": f"Bearer {key}"})).status_code == status


async def test_the_door_is_shown_before_the_body_is_judged(http: AsyncClient) -> None:
    assert (await http.post("/v1/referrals", content=b"{")).status_code == 401


async def test_who_lacks_a_role_hears_which_would_do(http: AsyncClient, make_key: MakeKey) -> None:
    key = await make_key("municipality", "0193", "desk")
    answer = await http.post("/v1/access-reports", headers={"Authorization": f"Bearer {key}"})
    assert answer.json()["detail"] == "De sleutel mist de rol die dit verzoek vraagt: referrer of auditor."
