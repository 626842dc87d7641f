"""The OpenAPI document of version 1, built from the endpoints themselves."""

import json
import re
from functools import cache
from typing import Any, Final

import yaml
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from app.api import texts
from app.api.examples import EXAMPLES
from app.api.operations import SCHEMA, finish, headers, response_name
from app.api.problem_kinds import KINDS_BY_STATUS, QUOTA_EXCEEDED, Kind
from app.api.problems import MEDIA_TYPE
from app.api.router import router
from app.api.schema_style import plain_schemas
from app.api.scopes import SCOPES
from app.api.shapes import schemas_of
from app.api.webhook_document import WEBHOOKS

VERSION: Final = "1.0.0"
SERVER: Final = "https://verwijsroute.example/v1"
ISSUING: Final = "https://aanmelden.example/token"
# Text that YAML 1.2 would read as a number, though PyYAML's 1.1 does not: a municipality's code.
_NUMBERLIKE: Final = re.compile(r"[-+]?[0-9.][0-9a-fA-FoxXeE_.+-]*")

_CREDENTIALS: Final = {
    "key": {"type": "http", "scheme": "bearer", "description": texts.KEY},
    "token": {
        "type": "oauth2",
        "description": texts.OAUTH,
        "flows": {"clientCredentials": {"tokenUrl": ISSUING, "scopes": SCOPES}},
    },
}

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
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        tags=texts.TAGS,
        separate_input_output_schemas=False,
    )
    # Not by get_openapi: it checks an address with a library that is not here, and logs a warning of that.
    built["info"]["contact"] = texts.CONTACT
    for context in contexts:
        for method in context.methods or ():
            finish(built["paths"][context.path_format][method.lower()], context)
    built["components"] = {
        "schemas": schemas_of(built, contexts),
        "securitySchemes": _CREDENTIALS,
    }
    built["webhooks"] = WEBHOOKS
    styled: Json = plain_schemas(built)
    for kind, components in {
        "responses": {response_name(304): texts.NOT_MODIFIED}
        | {response_name(status): _problem(kinds) for status, kinds in KINDS_BY_STATUS.items()},
        "headers": texts.HEADERS,
        "examples": EXAMPLES,
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


def _referred(kind: str, components: Json, built: Json) -> Json:
    """The components of a kind that what is built so far refers to."""
    names = set(re.findall(rf'"#/components/{kind}/([^"]+)"', json.dumps(built)))
    return {name: component for name, component in components.items() if name in names}


def _problem(kinds: list[Kind]) -> Json:
    """The answer for all kinds of problem with one status."""
    limits = texts.LIMITS if QUOTA_EXCEEDED in kinds else ()
    content = {
        "schema": {"$ref": SCHEMA.format(model="Problem")},
        "examples": {kind.name: {"$ref": f"#/components/examples/{kind.name}"} for kind in kinds},
    }
    return {
        "description": "; ".join(f"{kind.title} (`{kind.urn}`)" for kind in kinds) + ".",
        "headers": headers(*(name for kind in kinds for name in kind.headers), *limits),
        "content": {MEDIA_TYPE: content},
    }
