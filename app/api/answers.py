"""Answers in JSON from plain values, without validating again what was just built."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response
from pydantic_core import to_json


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer from dictionaries, lists, strings and numbers."""
    return Response(to_json(value), status, headers, "application/json")
