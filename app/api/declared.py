"""What an endpoint declares in its signature: who has access, which body it takes."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from app.api.bodies import JsonBody
from app.deps import Access, public


def access_of(context: RouteContext) -> Access | None:
    """The access rule of an endpoint, None for everybody; raises LookupError where none is declared."""
    calls = list(_calls(context.dependant))
    for call in calls:
        if isinstance(call, Access):
            return call
    if public not in calls:
        raise LookupError(f"{context.path} declares no access rule")
    return None


def declarations(router: APIRouter) -> Iterator[tuple[str, str, Access | None]]:
    """Method, path and access rule of every operation, in the order of the documentation."""
    for context in iter_route_contexts(router.routes):
        for method in sorted(context.methods or ()):
            yield method, str(context.path_format), access_of(context)


def body_of(context: RouteContext) -> JsonBody[Any] | None:
    """The body that an endpoint takes."""
    return next((call for call in _calls(context.dependant) if isinstance(call, JsonBody)), None)


def _calls(dependant: Dependant) -> Iterator[object]:
    for needed in dependant.dependencies:
        yield needed.call
        yield from _calls(needed)
