"""Answers in JSON from plain values, without validating again what was just built."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from app.adapters.decision_json import compact_json


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer from dictionaries, lists, strings and numbers."""
    return json_answer(compact_json(value), status, headers)


def json_answer(value: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer that is JSON already."""
    return Response(value, status, headers, "application/json")
