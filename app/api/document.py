"""The OpenAPI document itself, open to every website (NL API Design Rules: publish-openapi)."""

import json
from functools import cache

from fastapi import APIRouter, Depends, Request, Response

from app.api.conditional import OPEN, conditional
from app.api.openapi import document, export
from app.deps import public

router = APIRouter(dependencies=[Depends(public)], include_in_schema=False)


@router.get("/openapi.json")
async def openapi_json(request: Request) -> Response:
    """The document as JSON."""
    return conditional(request, _as_json(), "application/json", OPEN)


@cache
def _as_json() -> bytes:
    return json.dumps(document(), ensure_ascii=False).encode()


@router.get("/openapi.yaml")
async def openapi_yaml(request: Request) -> Response:
    """The document as YAML (RFC 9512)."""
    return conditional(request, export().encode(), "application/yaml", OPEN)
