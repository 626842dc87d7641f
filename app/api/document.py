"""The OpenAPI document itself, open to every website (NL API Design Rules: publish-openapi)."""

import json
from functools import cache

from fastapi import APIRouter, Depends, Response

from app.api.openapi import document, export
from app.deps import public

router = APIRouter(dependencies=[Depends(public)], include_in_schema=False)

_OPEN = {"Access-Control-Allow-Origin": "*"}


@router.get("/openapi.json")
async def openapi_json() -> Response:
    """The document as JSON."""
    return Response(_as_json(), 200, _OPEN, "application/json")


@cache
def _as_json() -> str:
    return json.dumps(document(), ensure_ascii=False)


@router.get("/openapi.yaml")
async def openapi_yaml() -> Response:
    """The document as YAML (RFC 9512)."""
    return Response(export(), 200, _OPEN, "application/yaml")
