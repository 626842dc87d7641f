"""Answers that are read again: a strong ETag, and 304 while nothing changed (RFC 9110, 13)."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request, Response

from app.adapters.decision_json import compact_json

ETAG: Final[dict[str, Any]] = {
    "ETag": {
        "description": "Merkteken van deze stand, voor `If-None-Match` en bij een wijziging `If-Match`.",
        "schema": {"type": "string", "examples": ['"2f1c8a53b7d90e64"']},
    }
}
# Open data may be read by every website; all else only by those of the setting (see `cors.py`).
OPEN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "API-Version, ETag, X-Request-Id",
}


def conditional_answer(
    request: Request,
    value: Any,
    headers: Mapping[str, str] | None = None,
    version: int | None = None,
    mark: str | None = None,
) -> Response:
    """200 with the value as JSON, or 304 where the client has it already."""
    return conditional(request, compact_json(value), "application/json", headers, version, mark)


def conditional(
    request: Request,
    content: bytes,
    media_type: str,
    headers: Mapping[str, str] | None = None,
    version: int | None = None,
    mark: str | None = None,
) -> Response:
    """200 with the content, or 304 where the client has it already.

    The mark is made of the bytes themselves, after the client's right to read them was checked: whatever
    changes them changes it, a new release or what another role sees included. `version`, where there is
    one, stands before it, for `If-Match`; a thing that has a mark of its own gives that.
    """
    digest = hashlib.sha256(content).hexdigest()[:16]
    tag = f'"{mark or (digest if version is None else f"{version}.{digest}")}"'
    told = {**(headers or {}), "ETag": tag}
    if _has(request.headers.getlist("if-none-match"), tag):
        return Response(None, 304, told)
    return Response(content, 200, told, media_type)


def _has(fields: list[str], mark: str) -> bool:
    """Whether If-None-Match names the mark; compared weakly (RFC 9110, 13.1.2)."""
    named = [item.strip().removeprefix("W/") for item in ",".join(fields).split(",")]
    return mark in named or named == ["*"]
