"""What FastAPI cannot know of an operation: its name, body, access, problems, headers and examples."""

from http import HTTPStatus
from typing import Any, Final

from fastapi.routing import RouteContext
from pydantic.alias_generators import to_camel

from app.api import texts
from app.api.declared import access_of, body_of
from app.api.examples import EXAMPLES
from app.api.problems import problem_statuses
from app.api.rights import rights
from app.api.schema_style import NULL
from app.api.scopes import scopes_for
from app.deps import Access

SCHEMA: Final = "#/components/schemas/{model}"
_JSON: Final = "application/json"
_EVERYWHERE: Final = ("API-Version", "X-Request-Id")

Json = dict[str, Any]


def finish(operation: Json, context: RouteContext) -> None:
    """Adds to an operation that FastAPI described what its endpoint declares."""
    body, access = body_of(context), access_of(context)
    if context.methods == {"GET"} and "ETag" in operation["responses"]["200"].get("headers", {}):
        operation.setdefault("parameters", []).append(dict(texts.IF_NONE_MATCH))
        operation["responses"]["304"] = {"$ref": f"#/components/responses/{response_name(304)}"}
    if access:
        operation.setdefault("parameters", []).append(dict(texts.ACTING_USER))
    parameters = operation.get("parameters", [])
    operation["operationId"] = to_camel(str(context.name))
    operation["security"] = _security(access)
    operation["description"] += f"\n\n{rights(access)}"
    if any(parameter["name"] == "cursor" for parameter in parameters):
        operation["description"] += f"\n\n{texts.PAGING}"
    if body:
        operation["requestBody"] = {"required": True, "content": {_JSON: _content(body.kind.__name__)}}
    operation["responses"].pop("422", None)
    own = [int(status) for status in list(operation["responses"]) if status >= "400"]
    for response in operation["responses"].values():
        if "$ref" not in response:
            _finish_answer(response, limited=access is not None)
    possible = problem_statuses(
        body="requestBody" in operation,
        access=access,
        parameters={(item["in"], item["name"]) for item in parameters},
    )
    for status in (*possible, *own):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{response_name(status)}"}
    for parameter in parameters:
        parameter["schema"] = _sent_or_not(parameter["schema"])


def _security(access: Access | None) -> list[Json]:
    """The ways in, of which one is enough: a key, or a token with one of the scopes."""
    if access is None:
        return []
    return [{"key": []}, *({"token": [scope]} for scope in scopes_for(access.roles))]


def _finish_answer(response: Json, *, limited: bool) -> None:
    """The headers of every answer, the example of its shape, and a description in Dutch."""
    response["headers"] = response.get("headers", {}) | headers(*(texts.LIMITS if limited else ()))
    response["description"] = response["description"].replace("Successful Response", "Gelukt.")
    found = response.get("content", {}).get(_JSON)
    if found:
        found |= _content(found["schema"]["$ref"].rpartition("/")[2])


def _content(name: str) -> Json:
    """The content of a body or answer: its shape and its examples, more than one by name."""
    content: Json = {"schema": {"$ref": SCHEMA.format(model=name)}}
    examples = {
        example.partition(".")[2] or "voorbeeld": {"$ref": f"#/components/examples/{example}"}
        for example in EXAMPLES
        if example.partition(".")[0] == name
    }
    return {**content, "examples": examples} if examples else content


def headers(*names: str) -> Json:
    """The headers of an answer: those of every answer, and these."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*_EVERYWHERE, *names)}


def _sent_or_not(schema: Json) -> Json:
    """The schema of a parameter: it is sent or left out, never null; its description stands beside it."""
    kind: Json = next((option for option in schema.get("anyOf", ()) if option != NULL), schema)
    return {key: value for key, value in {**schema, **kind}.items() if key not in ("anyOf", "description")}


def response_name(status: int) -> str:
    """The name of the component that is the answer with this status."""
    return HTTPStatus(status).phrase.title().replace(" ", "")
