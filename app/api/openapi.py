"""The OpenAPI document of version 1, built from the endpoints themselves."""

import re
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import yaml
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts
from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic.json_schema import models_json_schema

from app.api import texts
from app.api.declared import access_of, body_of
from app.api.problems import KINDS_BY_STATUS, MEDIA_TYPE, Kind, problem_statuses
from app.api.router import router
from app.api.schema_style import NULL, plain_schemas
from app.schemas.problem import Problem

VERSION: Final = "1.0.0"
SERVER: Final = "https://verwijsroute.example/v1"
_SCHEMA: Final = "#/components/schemas/{model}"
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
        "responses": {_name(status): _problem(kinds) for status, kinds in KINDS_BY_STATUS.items()},
        "examples": texts.EXAMPLES,
        "headers": texts.HEADERS,
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": texts.KEY}},
    }
    styled: Json = plain_schemas(built)
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
    return {name: schemas[name] for name in sorted(schemas) if name not in _FASTAPIS_OWN}


def _finish(operation: Json, context: RouteContext) -> None:
    """What FastAPI cannot know: the name, the body, who has access, which problems, the version header."""
    body, access = body_of(context), access_of(context)
    operation["operationId"] = to_camel(str(context.name))
    operation["security"] = [{"key": []}] if access else []
    if access:
        operation["description"] += f"\n\nToegang: {', '.join(access.roles) or 'elke geldige sleutel'}."
    if body:
        operation["requestBody"] = _request_body(body.kind.__name__)
    parameters = operation.get("parameters", [])
    operation["responses"].pop("422", None)
    for response in operation["responses"].values():
        response.setdefault("headers", {})["API-Version"] = {"$ref": "#/components/headers/API-Version"}
        response["description"] = response["description"].replace("Successful Response", "Gelukt.")
    for status in problem_statuses(
        body=body is not None, access=access, parameters={(item["in"], item["name"]) for item in parameters}
    ):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{_name(status)}"}
    for parameter in parameters:
        parameter["schema"] = _sent_or_not(parameter["schema"])


def _sent_or_not(schema: Json) -> Json:
    """The schema of a parameter: it is sent or left out, never null; its description stands beside it."""
    kind: Json = next((option for option in schema.get("anyOf", ()) if option != NULL), schema)
    return {key: value for key, value in {**schema, **kind}.items() if key not in ("anyOf", "description")}


def _request_body(name: str) -> Json:
    schema = {"$ref": _SCHEMA.format(model=name)}
    examples = {"voorbeeld": {"$ref": f"#/components/examples/{name}"}}
    return {"required": True, "content": {"application/json": {"schema": schema, "examples": examples}}}


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.title().replace(" ", "")


def _problem(kinds: list[Kind]) -> Json:
    """The answer for all kinds of problem with one status."""
    schema = {"$ref": _SCHEMA.format(model="Problem")}
    headers = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
    headers |= {name: {"$ref": f"#/components/headers/{name}"} for kind in kinds for name in kind.headers}
    return {
        "description": "; ".join(f"{kind.title} (`{kind.urn}`)" for kind in kinds) + ".",
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
