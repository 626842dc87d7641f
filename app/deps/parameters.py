"""A parameter of a query is one that the operation has, and is said once: nothing is passed over."""

from collections import Counter
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from app.deps.note import operation_of


async def as_declared(request: Request) -> None:
    """Raises RequestValidationError with every name in the query that is unknown or stands there twice.

    A misspelt `dryRun` would store what was to be tried, and of two values nobody knows which was meant.
    """
    said = Counter(name for name, _ in request.query_params.multi_items())
    if said:
        needs = operation_of(request.scope).dependant
        kinds = {name: "extra_forbidden" for name in said if not _knows(needs, name)}
        kinds |= {name: "duplicate" for name, times in said.items() if times > 1}
        if kinds:
            raise RequestValidationError(
                [{"type": kind, "loc": ("query", name)} for name, kind in kinds.items()]
            )


def _knows(dependant: Any, name: str) -> bool:
    """Whether an operation, or what it needs, takes a parameter of that name.

    A model of all parameters takes any here, and refuses itself what it does not know, with its other faults.
    """
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if field.alias == name or (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return True
    return any(_knows(needed, name) for needed in dependant.dependencies)
