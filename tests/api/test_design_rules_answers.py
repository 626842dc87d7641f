"""NL API Design Rules 2.2 for the answers: every path is asked in every way, and those of a naive program."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import yaml
from fastapi import Depends, FastAPI, Response as Plain
from fastapi.routing import RouteContext, iter_route_contexts
from httpx import ASGITransport, AsyncClient, Response
from pydantic import BaseModel

from app.api.declared import access_of
from app.api.openapi import VERSION
from app.deps import public

ELSEWHERE = "https://elsewhere.example"
SECURITY = {
    "cache-control": "no-store",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
INTERNALS = re.compile("fastapi|pydantic|starlette|sqlalchemy|postgres|traceback|uvicorn", re.IGNORECASE)
MOMENT = re.compile(r'"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]+([^"]*)"')


@dataclass(frozen=True)
class Asked:
    """One answer: of which way of asking, of which path, with which methods there, open to all or not."""

    way: str
    path: str
    methods: frozenset[str]
    open: bool
    answer: Response


def paths_of(app: FastAPI) -> dict[str, tuple[frozenset[str], bool]]:
    """Every path of the program with its methods, and whether it is open to everybody."""
    found: dict[str, tuple[frozenset[str], bool]] = {}
    for context in iter_route_contexts(app.routes):
        path = re.sub(r"\{[^}]+\}", "kanarie9137", str(context.path))
        methods, _ = found.get(path, (frozenset(), True))
        found[path] = (methods | frozenset(context.methods or ()), not declares(context))
    return found


def declares(context: RouteContext) -> bool:
    """Whether a path asks for a key; a route of Starlette's own cannot."""
    return hasattr(context, "dependant") and access_of(context) is not None


async def ask(app: FastAPI, headers: Mapping[str, str]) -> list[Asked]:
    """Every path, in every way."""
    asked: list[Asked] = []
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://service", headers=headers) as client:
        for path, (methods, is_open) in paths_of(app).items():
            for way, (method, target, options) in ways(path, methods).items():
                answer = await client.request(method, target, **options)
                asked.append(Asked(way, target, methods, is_open, answer))
    return asked


def ways(path: str, methods: frozenset[str]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """The ways of asking a path, by name: method, target, and what is sent along."""
    text = {"content": b"<a/>", "headers": {"Content-Type": "text/xml"}}
    found: dict[str, tuple[str, str, dict[str, Any]]] = {
        "get": ("GET", path, {"headers": {"Origin": ELSEWHERE}}),
        "head": ("HEAD", path, {}),
        "slash": ("GET", f"{path.rstrip('/')}/x/", {}),
        "slashed": ("GET", f"{path.rstrip('/')}/", {}),
        "method": ("BREW", path, {}),
        "accept": ("GET", path, {"headers": {"Accept": "image/png"}}),
        "options": ("OPTIONS", path, {}),
        "no key": ("GET", path, {"headers": {"Authorization": ""}}),
    }
    for method in methods - {"GET", "HEAD", "DELETE"}:
        found[f"{method} text"] = (method, path, text)
        found[f"{method} empty"] = (method, path, {"json": {}})
        found[f"{method} odd"] = (method, path, {"json": {"kanarie 9137": 1}})
    return found


Rule = Callable[[list[Asked]], Iterator[str]]


def no_trailing_slash(asked: list[Asked]) -> Iterator[str]:
    for one in asked:
        if one.way in {"slash", "slashed"} and one.path != "/" and one.answer.status_code != 404:
            yield f"{one.path}: {one.answer.status_code}"


def security_headers(asked: list[Asked]) -> Iterator[str]:
    for one in asked:
        headers = one.answer.headers
        if not SECURITY.items() <= dict(headers).items():
            yield f"{one.way} {one.path}"
        if "frame-ancestors 'none'" not in headers.get("content-security-policy", ""):
            yield f"{one.way} {one.path}: framed"
        html = headers.get("content-type", "").startswith("text/html")
        if html and "default-src 'none'" not in headers.get("content-security-policy", ""):
            yield f"{one.path}: sources"


def version_header(asked: list[Asked]) -> Iterator[str]:
    yield from (f"{one.way} {one.path}" for one in asked if one.answer.headers.get("api-version") != VERSION)


def problem_details(asked: list[Asked]) -> Iterator[str]:
    for one in (one for one in asked if one.answer.status_code >= 400 and one.way != "head"):
        if one.answer.headers.get("content-type") != "application/problem+json":
            yield f"{one.way} {one.path}"
        elif not {"type", "title", "detail"} <= one.answer.json().keys():
            yield f"{one.way} {one.path}: members"
        elif one.answer.json()["status"] != one.answer.status_code:
            yield f"{one.way} {one.path}: status"


def invalid_input(asked: list[Asked]) -> Iterator[str]:
    yield from (f"{one.way} {one.path}" for one in asked if one.answer.status_code == 422)
    yield from (f"{one.path} echoes" for one in asked if re.search("kanarie.?9137", one.answer.text))


def all_errors(asked: list[Asked]) -> Iterator[str]:
    """An object of one unknown name lacks the required ones too: both faults are told."""
    for one in asked:
        if one.way.endswith(" odd") and one.answer.status_code not in {401, 403, 404, 415, 428}:
            codes = {fault.get("code") for fault in one.answer.json().get("errors", ())}
            if "unknown_field" not in codes:
                yield f"{one.path}: {codes}"


def http_methods(asked: list[Asked]) -> Iterator[str]:
    gets = {one.path: one.answer for one in asked if one.way == "get"}
    for one in asked:
        allowed = {*one.methods, "OPTIONS", *(["HEAD"] if "GET" in one.methods else [])}
        told = set(one.answer.headers.get("allow", "").split(", "))
        if one.way == "head" and (one.answer.content or one.answer.status_code != gets[one.path].status_code):
            yield f"HEAD {one.path}"
        if one.way == "method" and (one.answer.status_code != 405 or told != allowed):
            yield f"{one.path}: {one.answer.status_code} {told}"
        if one.way == "options" and (one.answer.status_code != 204 or told != allowed):
            yield f"OPTIONS {one.path}"


# What these are sent along is not read.
WITHOUT_BODY = ("/skip", "/test-deliveries")


def content_types(asked: list[Asked]) -> Iterator[str]:
    for one in asked:
        versioned = one.path.startswith("/v1")
        if one.way == "accept" and versioned and one.answer.status_code != 406:
            yield f"{one.path}: {one.answer.status_code} where 406 is due"
        if one.path.endswith(WITHOUT_BODY):
            continue
        if one.way.endswith(" text") and one.answer.status_code not in {415, 401, 403, 428}:
            yield f"{one.path}: {one.answer.status_code} where 415 is due"


def stateless(asked: list[Asked]) -> Iterator[str]:
    yield from (one.path for one in asked if "set-cookie" in one.answer.headers)


def hide_implementation(asked: list[Asked]) -> Iterator[str]:
    for one in asked:
        pages = one.path.startswith("/static")
        if {"server", "x-powered-by"} & one.answer.headers.keys():
            yield f"{one.path}: headers"
        elif not pages and INTERNALS.search(one.answer.text):
            yield f"{one.path}: {INTERNALS.findall(one.answer.text)}"


def timezone(asked: list[Asked]) -> Iterator[str]:
    for one in asked:
        yield from (f"{one.path}: {zone}" for zone in MOMENT.findall(one.answer.text) if zone != "Z")


def cors(asked: list[Asked]) -> Iterator[str]:
    for one in (one for one in asked if one.way == "get"):
        allowed = one.answer.headers.get("access-control-allow-origin")
        if allowed not in {None, "*"} or (allowed and not one.open):
            yield f"{one.path}: {allowed}"
        if "access-control-allow-credentials" in one.answer.headers:
            yield f"{one.path}: credentials"


def publish_openapi(asked: list[Asked]) -> Iterator[str]:
    found = {one.path: one.answer for one in asked if one.way == "no key"}
    for kind in ("json", "yaml"):
        answer = found.get(f"/v1/openapi.{kind}")
        if answer is None or answer.status_code != 200:
            yield f"no openapi.{kind}"
        elif answer.headers.get("access-control-allow-origin") != "*":
            yield f"openapi.{kind} is not open to every website"
        elif yaml.safe_load(answer.text) != found["/v1/openapi.json"].json():
            yield f"openapi.{kind} is another document"


def transition_period(asked: list[Asked]) -> Iterator[str]:
    majors = {found[0] for one in asked if (found := re.match("/v[0-9]+/", one.path))}
    yield from majors if len(majors) > 2 else ()


RULES: dict[str, Rule] = {
    "/core/no-trailing-slash": no_trailing_slash,
    "/core/http-methods": http_methods,
    "/core/hide-implementation": hide_implementation,
    "/core/stateless": stateless,
    "/core/error-handling/problem-details": problem_details,
    "/core/error-handling/invalid-input": invalid_input,
    "/core/error-handling/all-errors": all_errors,
    "/core/date-time/timezone": timezone,
    "/core/publish-openapi": publish_openapi,
    "/core/version-header": version_header,
    "/core/transition-period": transition_period,
    "/core/transport/security-headers": security_headers,
    "/core/transport/cors": cors,
    "content types": content_types,
}


@pytest.fixture
async def asked(app: FastAPI, make_key: Any) -> list[Asked]:
    """All that the real program answers to a key with every role."""
    roles = ("referrer", "team", "desk", "auditor", "directory_admin", "operator")
    return await ask(app, {"Authorization": f"Bearer {await make_key('school', '00ZZ', *roles)}"})


async def test_the_answers_keep_to_every_rule(asked: list[Asked]) -> None:
    assert len(asked) > 150
    assert {rule: list(check(asked)) for rule, check in RULES.items()} == {rule: [] for rule in RULES}


class Item(BaseModel):
    """What a naive program takes."""

    size: int


def naive() -> FastAPI:
    """A program as frameworks make it by default, with what people add without thinking."""
    app = FastAPI(dependencies=[Depends(public)], openapi_url="/v1/openapi.json")

    @app.get("/v1/items")
    @app.get("/v2/items")
    @app.get("/v3/items")
    async def items(response: Plain) -> dict[str, Any]:
        response.set_cookie("session", "1")
        response.headers["X-Powered-By"] = "FastAPI"
        response.headers["Access-Control-Allow-Origin"] = ELSEWHERE
        return {"items": [], "at": datetime(2026, 5, 14)}  # noqa: DTZ001  the breach that is planted

    @app.post("/v1/items")
    async def add(item: Item) -> Item:
        return item

    @app.get("/v1/broken")
    async def broken() -> None:
        raise ValueError

    return app


@pytest.mark.parametrize("rule", RULES)
async def test_a_naive_program_breaks(rule: str) -> None:
    assert list(RULES[rule](await ask(naive(), {})))
