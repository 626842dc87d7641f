"""NL API Design Rules 2.2: a rule of the document or of the answers each, and a planted breach of each."""

import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.api.openapi import document

Json = dict[str, Any]
Rule = Callable[[Json], Iterator[str]]

ROOT = Path(__file__).parents[2]
METHODS = {"get", "put", "post", "patch", "delete"}
# Plural where the thing is one of many. A new one is added here, and its word to the glossary.
COLLECTIONS = {
    *("decisions", "referrals", "handovers", "teams", "schools", "agreements", "municipalities", "postcodes"),
    *("rules", "events", "webhook-subscriptions", "imports", "access-reports", "person-exports", "erasures"),
    *("statistics", "youth-protection-organisations"),
}
VERBS = re.compile(
    "(get|list|create|add|update|change|delete|remove|submit|send|find|search|make|do|decide)(-.*)?"
)
SENSITIVE = re.compile("bsn|name|birth|student|phone|mail|address|reason|house", re.IGNORECASE)
INTERNALS = re.compile(
    "fastapi|pydantic|starlette|sqlalchemy|postgres|traceback|uvicorn|asyncpg", re.IGNORECASE
)
ENGLISH = re.compile(r"\b(the|and|with|this|that|which|returns)\b", re.IGNORECASE)


def operations(found: Json) -> Iterator[tuple[str, str, Json]]:
    """Each operation with its path and method."""
    for path, item in found["paths"].items():
        yield from ((path, method, operation) for method, operation in item.items())


def answers(found: Json) -> Iterator[tuple[str, int, Json]]:
    """Each declared answer with its place and status."""
    for path, method, operation in operations(found):
        for status, answer in operation["responses"].items():
            name = answer.get("$ref", "").rpartition("/")[2]
            yield f"{method} {path}", int(status), found["components"]["responses"].get(name, answer)


def parameters(found: Json, *places: str) -> Iterator[tuple[str, Json]]:
    for path, method, operation in operations(found):
        for parameter in operation.get("parameters", []):
            if parameter["in"] in places:
                yield f"{method} {path}", parameter


def properties(node: Any) -> Iterator[tuple[str, Json]]:
    """Each named property anywhere in the document, with its schema."""
    if isinstance(node, dict):
        yield from ((name, s) for name, s in node.get("properties", {}).items() if isinstance(s, dict))
        for value in node.values():
            yield from properties(value)
    elif isinstance(node, list):
        for item in node:
            yield from properties(item)


def segments(found: Json) -> Iterator[tuple[str, str]]:
    for path in found["paths"]:
        yield from ((path, part) for part in path[1:].split("/") if not part.startswith("{"))


def formats(schema: Json) -> set[str]:
    return {option["format"] for option in (schema, *schema.get("anyOf", ())) if "format" in option}


def naming_resources(found: Json) -> Iterator[str]:
    yield from (path for path, part in segments(found) if VERBS.fullmatch(part))


def naming_collections(found: Json) -> Iterator[str]:
    yield from (path for path in found["paths"] if path[1:].split("/")[0] not in COLLECTIONS)


def interface_language(found: Json) -> Iterator[str]:
    words = (ROOT / "docs/glossary.md").read_text("utf-8").lower()
    for path in found["paths"]:
        singular = re.sub("s$", "", re.sub("ies$", "y", path[1:].split("/")[0])).replace("-", " ")
        if f"| {singular}" not in words and f", {singular}" not in words:
            yield f"{singular} is not in the glossary"


def no_trailing_slash(found: Json) -> Iterator[str]:
    yield from (path for path in found["paths"] if path.endswith("/"))


def path_segments_kebab_case(found: Json) -> Iterator[str]:
    for path, part in segments(found):
        last = path.endswith(f"/{part}")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", part) and not (last and re.fullmatch("_[a-z]+", part)):
            yield path


def query_keys_camel_case(found: Json) -> Iterator[str]:
    for place, parameter in parameters(found, "query"):
        if not re.fullmatch(r"[a-z]+([A-Z0-9][a-z0-9]*)*", parameter["name"]):
            yield f"{place}: {parameter['name']}"


def date_time_format(found: Json) -> Iterator[str]:
    for name, schema in properties(found):
        if "time" in formats(schema):
            yield f"{name}: a time of day is time-local"
        if re.search("[a-z]At$", name) and formats(schema) != {"date-time"}:
            yield f"{name}: a moment is date-time"


def date_omit_time_portion(found: Json) -> Iterator[str]:
    for name, schema in properties(found):
        typed = any("string" in option.get("type", ()) for option in (schema, *schema.get("anyOf", ())))
        if re.search("Date$|[a-z]On$|^valid(From|To)$", name) and typed and formats(schema) != {"date"}:
            yield f"{name}: a day is date"


def http_methods(found: Json) -> Iterator[str]:
    for path, method, operation in operations(found):
        if method not in METHODS:
            yield f"{method} {path}"
        if method in {"get", "delete"} and "requestBody" in operation:
            yield f"{method} {path}: a body"


def resource_operations(found: Json) -> Iterator[str]:
    for path, method, _ in operations(found):
        if path.rpartition("/")[2].startswith("_") and method != "post":
            yield f"{method} {path}: an operation is asked for with POST"


def http_response_code(found: Json) -> Iterator[str]:
    for place, status, answer in answers(found):
        if status in {201, 202} and "Location" not in answer.get("headers", {}):
            yield f"{place}: {status} without Location"


def problem_details(found: Json) -> Iterator[str]:
    if not {"type", "title", "status", "detail"} <= set(
        found["components"]["schemas"]["Problem"]["required"]
    ):
        yield "Problem lacks members"
    for place, status, answer in answers(found):
        schemas = [media.get("schema") for media in answer.get("content", {}).values()]
        if status >= 400 and list(answer.get("content", {})) != ["application/problem+json"]:
            yield f"{place}: {status} is no problem+json"
        elif status >= 400 and schemas != [{"$ref": "#/components/schemas/Problem"}]:
            yield f"{place}: {status} is no Problem"


def invalid_input(found: Json) -> Iterator[str]:
    for path, method, operation in operations(found):
        keyed = any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", []))
        takes = "requestBody" in operation or operation.get("parameters")
        if takes and "400" not in operation["responses"]:
            yield f"{method} {path}: a body or a parameter and no 400"
        if "422" in operation["responses"] and not keyed:
            yield f"{method} {path}: 422"


def doc_openapi(found: Json) -> Iterator[str]:
    if not re.fullmatch(r"3\.[0-9]+\.[0-9]+", found["openapi"]):
        yield "no OpenAPI 3"
    yield from (error.message for error in OpenAPIV31SpecValidator(found).iter_errors())


def doc_openapi_contact(found: Json) -> Iterator[str]:
    yield from (name for name in ("name", "url", "email") if not found["info"].get("contact", {}).get(name))


def doc_language(found: Json) -> Iterator[str]:
    for path, method, operation in operations(found):
        text = f"{operation.get('summary', '')}\n{operation.get('description', '')}"
        if not operation.get("summary") or not operation.get("description") or ENGLISH.search(text):
            yield f"{method} {path}"


def deprecation_schedule(found: Json) -> Iterator[str]:
    for path, method, operation in operations(found):
        ok = (
            a
            for a in operation["responses"].values()
            if {"Deprecation", "Sunset"} <= a.get("headers", {}).keys()
        )
        if operation.get("deprecated") and not any(ok):
            yield f"{method} {path}"


def uri_version(found: Json) -> Iterator[str]:
    yield from (s["url"] for s in found["servers"] if not re.search(r"/v[0-9]+$", s["url"]))
    yield from (path for path, part in segments(found) if re.fullmatch("v[0-9]+", part))


def semver(found: Json) -> Iterator[str]:
    if not re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", found["info"]["version"]):
        yield found["info"]["version"]


def changelog(found: Json) -> Iterator[str]:
    if f"API {found['info']['version']}" not in (ROOT / "CHANGELOG.md").read_text("utf-8"):
        yield f"CHANGELOG.md does not know API {found['info']['version']}"


def version_header(found: Json) -> Iterator[str]:
    yield from (
        f"{place}: {status}" for place, status, a in answers(found) if "API-Version" not in a["headers"]
    )


def tls(found: Json) -> Iterator[str]:
    yield from (s["url"] for s in found["servers"] if not s["url"].startswith("https://"))


def no_sensitive_uris(found: Json) -> Iterator[str]:
    for place, parameter in parameters(found, "query", "path"):
        if SENSITIVE.search(parameter["name"]):
            yield f"{place}: {parameter['name']}"


def hide_implementation(found: Json) -> Iterator[str]:
    yield from INTERNALS.findall(str(found))


def pagination_limits(found: Json) -> Iterator[str]:
    for path, method, operation in operations(found):
        limits = [p["schema"] for p in operation.get("parameters", []) if p["name"] == "limit"]
        if limits and not {"default", "maximum", "minimum"} <= limits[0].keys():
            yield f"{method} {path}: limit without default and bounds"
        if limits and "Link" not in operation["responses"]["200"].get("headers", {}):
            yield f"{method} {path}: pages without Link"


GET_RULES = "/paths/~1rules/get"
BAD_PARAMETER = {"name": "student_name", "in": "query", "schema": {"type": "string"}}
# Each rule with a breach of it: a place in the document, and what is put there (None: taken away).
RULES: dict[str, tuple[Rule, str, Any]] = {
    "/core/naming-resources": (naming_resources, "/paths/~1referrals~1submit", {}),
    "/core/naming-collections": (naming_collections, "/paths/~1referral", {}),
    "/core/interface-language": (interface_language, "/paths/~1verwijzingen", {}),
    "/core/no-trailing-slash": (no_trailing_slash, "/paths/~1rules~1", {}),
    "/core/path-segments-kebab-case": (path_segments_kebab_case, "/paths/~1rules~1openPoints", {}),
    "/core/query-keys-camel-case": (query_keys_camel_case, f"{GET_RULES}/parameters", [BAD_PARAMETER]),
    "/core/date-time/format": (
        date_time_format, "/components/schemas/Referral/properties/createdAt/format", None),
    "/core/date-time/date-omit-time-portion": (
        date_omit_time_portion, "/components/schemas/Student/properties/birthDate/format", "date-time"),
    "/core/http-methods": (http_methods, "/paths/~1rules/trace", {"responses": {}}),
    "/core/resource-operations": (resource_operations, "/paths/~1rules~1_search", {"get": {"responses": {}}}),
    "/core/http-response-code": (
        http_response_code, "/paths/~1referrals/post/responses/201/headers/Location", None),
    "/core/error-handling/problem-details": (
        problem_details, f"{GET_RULES}/responses/500", {"content": {"application/json": {}}}),
    "/core/error-handling/invalid-input": (invalid_input, f"{GET_RULES}/responses/422", {"description": ""}),
    "/core/doc-openapi": (doc_openapi, f"{GET_RULES}/responses/200/description", None),
    "/core/doc-openapi-contact": (doc_openapi_contact, "/info/contact/url", None),
    "/core/doc-language": (doc_language, f"{GET_RULES}/summary", "List the rules"),
    "/core/deprecation-schedule": (deprecation_schedule, f"{GET_RULES}/deprecated", True),
    "/core/uri-version": (uri_version, "/paths/~1v1~1rules", {}),
    "/core/changelog": (changelog, "/info/version", "77.0.0"),
    "/core/semver": (semver, "/info/version", "1.0.0rc1"),
    "/core/version-header": (version_header, f"{GET_RULES}/responses/200/headers/API-Version", None),
    "/core/transport/tls": (tls, "/servers/0/url", "http://verwijsroute.example/v1"),
    "/core/transport/no-sensitive-uris": (no_sensitive_uris, f"{GET_RULES}/parameters", [BAD_PARAMETER]),
    "/core/hide-implementation": (hide_implementation, "/info/description", "Built with FastAPI."),
    "/pagination/limits": (
        pagination_limits, "/paths/~1referrals/get/responses/200/headers/Link", None),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_the_document_keeps_to(rule: str) -> None:
    assert list(RULES[rule][0](document())) == []


@pytest.mark.parametrize("rule", RULES)
def test_a_breach_is_found_of(rule: str) -> None:
    check, pointer, planted = RULES[rule]
    broken = copy.deepcopy(document())
    *path, last = (step.replace("~1", "/") for step in pointer[1:].split("/"))
    node: Any = broken
    for step in path:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if planted is None:
        del node[last]
    else:
        node[last] = planted
    assert list(check(broken))
