"""The OpenAPI document of version 1, built from the endpoints themselves."""

import json
import re
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import yaml
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts
from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic.json_schema import models_json_schema

from app.api import texts
from app.api.declared import access_of, body_of
from app.api.meanings import described
from app.api.problems import INVALID, KINDS, KINDS_BY_STATUS, MEDIA_TYPE, Kind, problem, problem_statuses
from app.api.router import router
from app.api.schema_style import NULL, plain_schemas
from app.deps import Access
from app.routing import load_rulebook
from app.schemas.faults import SENTENCES
from app.schemas.problem import Problem

VERSION: Final = "1.0.0"
SERVER: Final = "https://verwijsroute.example/v1"
_SCHEMA: Final = "#/components/schemas/{model}"
# One file for each shape that has an example: an Example Object of OpenAPI, `summary` and `value`.
_EXAMPLES: Final = texts.EXAMPLES | {
    file.stem: json.loads(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parent / "examples").glob("*.json"))
}
_JSON: Final = "application/json"
_EVERYWHERE: Final = ("API-Version", "X-Request-Id")
# Text that YAML 1.2 would read as a number, though PyYAML's 1.1 does not: a municipality's code.
_NUMBERLIKE: Final = re.compile(r"[-+]?[0-9.][0-9a-fA-FoxXeE_.+-]*")
_FASTAPIS_OWN: Final = frozenset({"HTTPValidationError", "ValidationError"})

Json = dict[str, Any]


@cache
def document() -> Json:
    """The document; callers do not change it."""
    contexts = list(iter_route_contexts(router.routes))
    built = get_openapi(
        title="Verwijsroute",
        version=VERSION,
        openapi_version="3.1.0",
        summary=texts.SUMMARY,
        description=texts.DESCRIPTION,
        routes=router.routes,
        servers=[{"url": SERVER, "description": "Voorbeeld; elke organisatie heeft een eigen adres."}],
        contact=texts.CONTACT,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        tags=texts.TAGS,
        separate_input_output_schemas=False,
    )
    for context in contexts:
        for method in context.methods or ():
            _finish(built["paths"][context.path_format][method.lower()], context)
    built["components"] = {
        "schemas": _schemas(built, contexts),
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": texts.KEY}},
    }
    styled: Json = plain_schemas(built)
    for kind, components in {
        "responses": {_name(304): texts.NOT_MODIFIED}
        | {_name(status): _problem(kinds) for status, kinds in KINDS_BY_STATUS.items()},
        "headers": texts.HEADERS,
        "examples": {**_EXAMPLES, **{each.name: _problem_example(each) for each in KINDS}},
    }.items():
        styled["components"][kind] = _referred(kind, components, styled)
    return styled


@cache
def export() -> str:
    """The document as YAML, as it is committed and served."""
    return yaml.dump(document(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and nothing as a reference to something before."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  the signature is the library's
        """Never an alias: readers of OpenAPI do not expect them."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else "'" if _NUMBERLIKE.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _schemas(built: Json, contexts: list[RouteContext]) -> Json:
    """The schemas of answers, bodies and problems; FastAPI's own shape of a fault is not ours."""
    kinds: list[type[BaseModel]] = [Problem, *(body.kind for body in map(body_of, contexts) if body)]
    _, found = models_json_schema([(kind, "validation") for kind in kinds], ref_template=_SCHEMA)
    schemas = {**built["components"]["schemas"], **found["$defs"]}
    rulebook = load_rulebook()
    for name, schema in schemas.items():
        schema.update(described(rulebook, name, schema.get("enum", [])))
        for field in schema.get("properties", {}).values():
            # Generated TypeScript asks for a field that has a default.
            field.pop("default", None)
    return {name: schemas[name] for name in sorted(schemas) if name not in _FASTAPIS_OWN}


def _referred(kind: str, components: Json, built: Json) -> Json:
    """The components of a kind that what is built so far refers to."""
    names = set(re.findall(rf'"#/components/{kind}/([^"]+)"', json.dumps(built)))
    return {name: component for name, component in components.items() if name in names}


def _finish(operation: Json, context: RouteContext) -> None:
    """What FastAPI cannot know: the name, the body, who has access, which problems, headers, examples."""
    body, access = body_of(context), access_of(context)
    parameters = operation.get("parameters", [])
    operation["operationId"] = to_camel(str(context.name))
    operation["security"] = [{"key": []}] if access else []
    operation["description"] += "\n\n" + _rights(access)
    if any(parameter["name"] == "cursor" for parameter in parameters):
        operation["description"] += f"\n\n{texts.PAGING}"
    if body:
        operation["requestBody"] = {"required": True, "content": {_JSON: _content(body.kind.__name__)}}
    operation["responses"].pop("422", None)
    for response in operation["responses"].values():
        _finish_answer(response)
    for status in problem_statuses(
        body=body is not None, access=access, parameters={(item["in"], item["name"]) for item in parameters}
    ):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{_name(status)}"}
    for parameter in parameters:
        parameter["schema"] = _sent_or_not(parameter["schema"])
    if context.methods == {"GET"} and "ETag" in operation["responses"]["200"]["headers"]:
        operation["parameters"] = [*parameters, texts.IF_NONE_MATCH]
        operation["responses"]["304"] = {"$ref": f"#/components/responses/{_name(304)}"}


def _rights(access: Access | None) -> str:
    """Who may call, in words."""
    if access is None:
        return "Toegang: iedereen, zonder sleutel."
    roles = " of ".join(f"`{role}`" for role in access.roles)
    return f"Toegang: een sleutel met de rol {roles}." if roles else "Toegang: elke geldige sleutel."


def _finish_answer(response: Json) -> None:
    """The headers of every answer, the example of its shape, and a description in Dutch."""
    response["headers"] = response.get("headers", {}) | _headers(*_EVERYWHERE)
    response["description"] = response["description"].replace("Successful Response", "Gelukt.")
    found = response.get("content", {}).get(_JSON)
    if found:
        found |= _content(found["schema"]["$ref"].rpartition("/")[2])


def _content(name: str) -> Json:
    """The content of a body or answer: its shape, and an example where there is one."""
    content: Json = {"schema": {"$ref": _SCHEMA.format(model=name)}}
    if name in _EXAMPLES:
        content["examples"] = {"voorbeeld": {"$ref": f"#/components/examples/{name}"}}
    return content


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _sent_or_not(schema: Json) -> Json:
    """The schema of a parameter: it is sent or left out, never null; its description stands beside it."""
    kind: Json = next((option for option in schema.get("anyOf", ()) if option != NULL), schema)
    return {key: value for key, value in {**schema, **kind}.items() if key not in ("anyOf", "description")}


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.title().replace(" ", "")


def _problem(kinds: list[Kind]) -> Json:
    """The answer for all kinds of problem with one status."""
    content = {
        "schema": {"$ref": _SCHEMA.format(model="Problem")},
        "examples": {kind.name: {"$ref": f"#/components/examples/{kind.name}"} for kind in kinds},
    }
    return {
        "description": "; ".join(f"{kind.title} (`{kind.urn}`)" for kind in kinds) + ".",
        "headers": _headers(*_EVERYWHERE, *(name for kind in kinds for name in kind.headers)),
        "content": {MEDIA_TYPE: content},
    }


def _problem_example(kind: Kind) -> Json:
    """The very body that is answered, with a fault where it is the input that is wrong."""
    code = "date.format"
    fault = {"in": "body", "location": "/student/birthDate", "code": code, "detail": SENTENCES[code]}
    answer = problem(kind, [fault] if kind is INVALID else [])
    return {"summary": kind.title, "value": json.loads(bytes(answer.body))}
