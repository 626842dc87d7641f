"""The schemas of the OpenAPI document: of answers, bodies and problems, with all that they say."""

from typing import Any, Final

from fastapi.routing import RouteContext
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api.declared import body_of
from app.api.meanings import described
from app.api.operations import SCHEMA
from app.api.required import REQUIRED
from app.routing import load_rulebook
from app.schemas.problem import Problem
from app.schemas.webhooks import EventMessage

_FASTAPIS_OWN: Final = frozenset({"HTTPValidationError", "ValidationError"})

Json = dict[str, Any]


def schemas_of(built: Json, contexts: list[RouteContext]) -> Json:
    """The schemas of answers, bodies, problems and messages; FastAPI's own shape of a fault is not ours."""
    kinds: list[type[BaseModel]] = [
        Problem,
        EventMessage,
        *(body.kind for body in map(body_of, contexts) if body),
    ]
    _, found = models_json_schema([(kind, "validation") for kind in kinds], ref_template=SCHEMA)
    schemas = {**built["components"]["schemas"], **found["$defs"]}
    rulebook = load_rulebook()
    for name, schema in schemas.items():
        schema.update(REQUIRED.get(name, {}) | described(rulebook, name, schema.get("enum", [])))
        for field in schema.get("properties", {}).values():
            # Generated TypeScript asks for a field that has a default.
            field.pop("default", None)
    return {name: schemas[name] for name in sorted(schemas) if name not in _FASTAPIS_OWN}
