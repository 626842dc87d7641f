"""Named errors to problem+json (RFC 9457), never a value from the input."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app import errors
from app.api.limits import POLICY
from app.api.problem_kinds import (
    BODY_TIMEOUT,
    HEADERS_TOO_LARGE,
    ILLEGAL_STEP,
    INSUFFICIENT_SCOPE,
    INVALID,
    KEY_REUSED,
    MEDIA,
    METHOD,
    NOT_ACCEPTABLE,
    NOT_ALLOWED,
    NOT_AUTHENTICATED,
    NOT_FOUND,
    OF_ERROR,
    OF_STATUS,
    OVERLAP,
    QUOTA_EXCEEDED,
    REFERENCE_TAKEN,
    TARGET_TOO_LONG,
    TOO_LARGE,
    UNAVAILABLE,
    UNEXPECTED,
    VERSION_DIFFERS,
    VERSION_REQUIRED,
    Kind,
)
from app.api.scopes import challenge
from app.deps import Access
from app.schemas.faults import SENTENCES, code_of, fault
from app.schemas.json_body import MAX_FAULTS, shown

MEDIA_TYPE: Final = "application/problem+json"
MAX_BYTES: Final = 2000


Item = dict[str, str]


def problem(
    kind: Kind,
    items: Iterable[Item] = (),
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, list[str]] | None = None,
) -> Response:
    """The answer for a kind of problem; `items` are its faults, cut to twenty and two kilobytes.

    `members` are what this kind says besides.
    """
    body: dict[str, Any] = {
        "type": kind.urn,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.detail,
        **(members or {}),
    }
    faults = list(items)[:MAX_FAULTS]
    while faults and len(_dump({**body, "errors": faults})) > MAX_BYTES:
        faults.pop()
    content = _dump({**body, "errors": faults} if faults else body)
    return Response(content, kind.status, {**kind.headers, **(headers or {})}, MEDIA_TYPE)


def add_error_pages(app: FastAPI) -> None:
    """Registers how each error is answered."""
    app.add_exception_handler(errors.VerwijsrouteError, _named)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(HTTPException, _http)


def _dump(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


async def _named(_: Request, error: Exception) -> Response:
    return problem_of(error)


def problem_of(error: Exception) -> Response:
    """The answer for one of our own errors, by the nearest class that is in the table."""
    kind = next((OF_ERROR[base] for base in type(error).__mro__ if base in OF_ERROR), UNEXPECTED)
    match error:
        case errors.IllegalStep():
            return problem(kind, members={"availableActions": list(error.actions)})
        case errors.QuotaExceeded():
            members = {"violated-policies": [POLICY]}
            return problem(kind, headers={"Retry-After": str(error.wait)}, members=members)
        case errors.InsufficientScope():
            return problem(kind, headers={"WWW-Authenticate": challenge(error.roles)})
        case errors.NotAllowed() if kind is NOT_ALLOWED and error.roles:
            return problem(replace(kind, detail=f"{kind.detail[:-1]}: {' of '.join(error.roles)}."))
    return problem(kind, map(_of_body, _faults(error)))


def _faults(error: Exception) -> Iterable[errors.Fault]:
    match error:
        case errors.InvalidInput():
            return error.faults
        case errors.Unfit():
            return (fault(location, code) for location, code in error.faults)
    return ()


def _of_body(found: errors.Fault) -> Item:
    return {"in": "body", "location": found.location, "code": found.code, "detail": found.detail}


async def _parameters(_: Request, error: Exception) -> Response:
    """Faults in query, path and header parameters."""
    assert isinstance(error, RequestValidationError)
    return problem(INVALID, (_parameter(fault) for fault in error.errors()))


def _parameter(fault: Mapping[str, Any]) -> Item:
    place, *names = fault["loc"]
    code = code_of(fault["type"])
    location = shown(names[0]) if names else ""
    return {"in": str(place), "location": location, "code": code, "detail": SENTENCES[code]}


async def _http(request: Request, error: Exception) -> Response:
    """What the router refuses: no such path, no such method. OPTIONS is answered wherever a path exists."""
    assert isinstance(error, HTTPException)
    kind = OF_STATUS.get(error.status_code, UNEXPECTED)
    if kind is not METHOD:
        return problem(kind)
    allow = {"Allow": _methods(request)}
    return Response(None, 204, allow) if request.method == "OPTIONS" else problem(kind, headers=allow)


def _methods(request: Request) -> str:
    """Every method that some route offers at this path; the router names those of one route alone.

    A path that is written out, as `/referrals/_search`, is no id of what is listed there.
    """
    methods = _written_out(request.app).get(request.scope["path"], set()) | {"OPTIONS"}
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE") if len(methods) == 1 else ():
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            methods |= {"GET", "HEAD"} if method == "GET" else {method}
    return ", ".join(sorted(methods))


@lru_cache(maxsize=8)
def _written_out(app: FastAPI) -> dict[str, set[str]]:
    """The methods of paths without parameters."""
    found: dict[str, set[str]] = {}
    for route in iter_route_contexts(app.routes):
        if route.path and route.methods and "{" not in route.path:
            read = {"HEAD"} if "GET" in route.methods else set()
            found.setdefault(route.path, set()).update(route.methods, read)
    return found


def problem_statuses(*, body: bool, access: Access | None, parameters: set[tuple[str, str]]) -> list[int]:
    """The statuses of the problems that an endpoint can answer, from what it declares."""
    in_path = any(place == "path" for place, _ in parameters)
    keyed = ("header", "Idempotency-Key") in parameters
    versioned = ("header", "If-Match") in parameters
    possible = {
        INVALID: body or bool(parameters),
        NOT_AUTHENTICATED: access is not None,
        NOT_ALLOWED: access is not None and bool(access.roles),
        INSUFFICIENT_SCOPE: access is not None,
        QUOTA_EXCEEDED: access is not None,
        NOT_FOUND: in_path and (keyed or not (versioned and body)),
        NOT_ACCEPTABLE: True,
        TARGET_TOO_LONG: True,
        HEADERS_TOO_LARGE: True,
        BODY_TIMEOUT: body,
        REFERENCE_TAKEN: keyed and not versioned,
        ILLEGAL_STEP: keyed and versioned,
        OVERLAP: versioned and body and not keyed,
        VERSION_DIFFERS: versioned,
        TOO_LARGE: body,
        MEDIA: body,
        KEY_REUSED: keyed,
        VERSION_REQUIRED: versioned,
        UNEXPECTED: True,
        UNAVAILABLE: access is not None,
    }
    return [kind.status for kind, is_possible in possible.items() if is_possible]
