"""What a process holds and what is known of one request, as every dependency finds it."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from starlette.types import Scope

from app.resources import Resources
from app.services.quotas import Allowance
from app.services.references import Edition
from app.services.trail import Trail

NOTE: Final = "verwijsroute.note"
# In the state that the server gives with each request, from the moment it is told to stop.
LEAVING: Final = "leaving"


@dataclass(slots=True)
class RequestNote:
    """What is known of a request: what its log line, headers and events may say, whom it concerns."""

    request_id: str
    trace_id: str | None = None
    parent_id: str | None = None
    organisation_id: str | None = None
    newest_edition: int | None = None
    edition: Edition | None = None
    trail: Trail | None = None
    allowance: Allowance | None = None


def operation_of(scope: Scope) -> Any:
    """The route that answers, as FastAPI composed it: its name, its path as a template and what it needs.

    None where no route does.
    """
    return scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")


def held(request: Request) -> Resources:
    """What this process holds open."""
    resources = request.app.state.resources
    assert isinstance(resources, Resources)
    return resources
