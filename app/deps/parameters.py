"""A parameter of a query is said once: of two values nobody knows which was meant."""

from collections import Counter

from fastapi import Request
from fastapi.exceptions import RequestValidationError


async def each_once(request: Request) -> None:
    """Raises RequestValidationError with every name that stands in the query more than once."""
    named = [name for name, _ in request.query_params.multi_items()]
    if len(named) != len(set(named)):
        doubled = (name for name, times in Counter(named).items() if times > 1)
        raise RequestValidationError([{"type": "duplicate", "loc": ("query", name)} for name in doubled])
