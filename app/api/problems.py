"""The only table of HTTP codes: named errors to problem+json (RFC 9457), never a value from the input."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app import errors
from app.deps import Access
from app.schemas.faults import SENTENCES, code_of
from app.schemas.json_body import MAX_FAULTS, shown

MEDIA_TYPE: Final = "application/problem+json"
MAX_BYTES: Final = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of problem: HTTP status, name in its URN, title, what the client can do, headers."""

    status: int
    name: str
    title: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def urn(self) -> str:
        """The stable name of this kind, the `type` of RFC 9457."""
        return f"urn:problem-type:verwijsroute:{self.name}"


INVALID = Kind(
    400, "invalid-input", "Ongeldige invoer", "Verbeter wat onder errors staat en stuur het verzoek opnieuw."
)
MALFORMED = Kind(
    400,
    "malformed-request",
    "Dit is geen HTTP-verzoek",
    "Stuur een verzoek volgens HTTP/1.1, met een methode die bestaat.",
)
NOT_AUTHENTICATED = Kind(
    401,
    "not-authenticated",
    "Niet aangemeld",
    "Stuur een geldige sleutel in de header Authorization: Bearer, en nergens anders.",
    {"WWW-Authenticate": 'Bearer realm="verwijsroute"'},
)
NOT_ALLOWED = Kind(403, "not-allowed", "Niet toegestaan", "De sleutel mist de rol die dit verzoek vraagt.")
NOT_OWNER = Kind(
    403,
    "not-owner",
    "Van een andere organisatie",
    "Alleen de eigenaar en de beheerder veranderen dit: van een team de organisatie, van een school zijzelf, "
    "van een afspraak de woongemeente.",
)
NOT_FOUND = Kind(404, "not-found", "Niet gevonden", "Dit bestaat niet, of niet voor deze sleutel.")
METHOD = Kind(
    405,
    "method-not-allowed",
    "Methode bestaat hier niet",
    "De header Allow noemt de methoden die wel bestaan.",
)
NOT_ACCEPTABLE = Kind(
    406, "not-acceptable", "Formaat niet beschikbaar", "Vraag in Accept om application/json."
)
BODY_TIMEOUT = Kind(
    408,
    "body-timeout",
    "Verzoek kwam te langzaam binnen",
    "Stuur het verzoek opnieuw.",
    {"Connection": "close"},
)
CONFLICT = Kind(409, "conflict", "Botst met wat is opgeslagen", "Haal de huidige stand op.")
REFERENCE_TAKEN = Kind(
    409,
    "source-reference-taken",
    "Kenmerk is al gebruikt",
    "Dit sourceReference hoort bij een verwijzing met andere inhoud. Gebruik een ander kenmerk.",
)
OVERLAP = Kind(
    409,
    "overlap",
    "Overlapt met een andere inschrijving",
    "Dezelfde school of afspraak staat voor een deel van deze dagen al onder een ander id. "
    "Verander die, of de dagen.",
)
VERSION_DIFFERS = Kind(
    412,
    "version-differs",
    "Er is intussen iets veranderd",
    "Haal de huidige stand op en stuur haar ETag mee in If-Match; If-Match bij iets nieuws hoort niet.",
)
TOO_LARGE = Kind(
    413, "body-too-large", "Verzoek is te groot", "Stuur een kleiner verzoek.", {"Connection": "close"}
)
TARGET_TOO_LONG = Kind(
    414, "target-too-long", "Adres is te lang", "Gebruik een korter adres met minder parameters."
)
MEDIA = Kind(
    415,
    "unsupported-media-type",
    "Formaat wordt niet gelezen",
    "Stuur application/json in UTF-8, niet ingepakt.",
)
KEY_REUSED = Kind(
    422,
    "idempotency-key-reused",
    "Idempotency-Key is al gebruikt",
    "Deze sleutel hoort bij een verzoek met een andere inhoud of een ander pad. Gebruik een nieuwe.",
)
VERSION_REQUIRED = Kind(
    428,
    "version-required",
    "Welke versie verandert?",
    "Dit bestaat al: stuur de ETag ervan mee in If-Match.",
)
HEADERS_TOO_LARGE = Kind(
    431,
    "headers-too-large",
    "Headers zijn te groot",
    "Stuur minder headers, of kortere.",
    {"Connection": "close"},
)
UNEXPECTED = Kind(
    500, "unexpected", "Onverwachte fout", "De fout ligt bij deze dienst. Meld het met de X-Request-Id."
)
UNAVAILABLE = Kind(
    503,
    "unavailable",
    "Tijdelijk niet beschikbaar",
    "Stuur hetzelfde verzoek over enkele seconden opnieuw.",
    {"Retry-After": "2"},
)

OF_ERROR: Final[Mapping[type[errors.VerwijsrouteError], Kind]] = {
    errors.InvalidInput: INVALID,
    errors.NotAuthenticated: NOT_AUTHENTICATED,
    errors.NotAllowed: NOT_ALLOWED,
    errors.NotOwner: NOT_OWNER,
    errors.NotFound: NOT_FOUND,
    errors.Conflict: CONFLICT,
    errors.SourceReferenceTaken: REFERENCE_TAKEN,
    errors.IdempotencyKeyReused: KEY_REUSED,
    errors.Overlap: OVERLAP,
    errors.VersionRequired: VERSION_REQUIRED,
    errors.VersionDiffers: VERSION_DIFFERS,
    errors.Unavailable: UNAVAILABLE,
}
KINDS: Final = (
    INVALID, MALFORMED, NOT_AUTHENTICATED, NOT_ALLOWED, NOT_OWNER, NOT_FOUND, METHOD, NOT_ACCEPTABLE,
    BODY_TIMEOUT, CONFLICT, REFERENCE_TAKEN, OVERLAP, VERSION_DIFFERS, TOO_LARGE, TARGET_TOO_LONG, MEDIA,
    KEY_REUSED, VERSION_REQUIRED, HEADERS_TOO_LARGE, UNEXPECTED, UNAVAILABLE,
)  # fmt: skip
KINDS_BY_STATUS: Final = {
    status: [kind for kind in KINDS if kind.status == status] for status in sorted({k.status for k in KINDS})
}
_OF_STATUS: Final = {kind.status: kind for kind in (NOT_FOUND, METHOD, MEDIA, TOO_LARGE, UNAVAILABLE)}

Item = dict[str, str]


def problem(kind: Kind, items: Iterable[Item] = (), headers: Mapping[str, str] | None = None) -> Response:
    """The answer for a kind of problem; `items` are its faults, cut to twenty and two kilobytes."""
    body: dict[str, Any] = {
        "type": kind.urn,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.detail,
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
    """Our own errors, by the nearest class that is in the table."""
    kind = next((OF_ERROR[base] for base in type(error).__mro__ if base in OF_ERROR), UNEXPECTED)
    faults = error.faults if isinstance(error, errors.InvalidInput) else ()
    return problem(
        kind, ({"in": "body", "location": f.location, "code": f.code, "detail": f.detail} for f in faults)
    )


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
    kind = _OF_STATUS.get(error.status_code, UNEXPECTED)
    if kind is not METHOD:
        return problem(kind)
    allow = {"Allow": _methods(request)}
    return Response(None, 204, allow) if request.method == "OPTIONS" else problem(kind, headers=allow)


def _methods(request: Request) -> str:
    """Every method that some route offers at this path; the router names those of one route alone."""
    methods = {"OPTIONS"}
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            methods |= {"GET", "HEAD"} if method == "GET" else {method}
    return ", ".join(sorted(methods))


def problem_statuses(*, body: bool, access: Access | None, parameters: set[tuple[str, str]]) -> list[int]:
    """The statuses of the problems that an endpoint can answer, from what it declares."""
    in_path = any(place == "path" for place, _ in parameters)
    keyed = ("header", "Idempotency-Key") in parameters
    versioned = ("header", "If-Match") in parameters
    possible = {
        INVALID: body or bool(parameters),
        NOT_AUTHENTICATED: access is not None,
        NOT_ALLOWED: access is not None and bool(access.roles),
        NOT_FOUND: in_path and not (versioned and body),
        NOT_ACCEPTABLE: True,
        TARGET_TOO_LONG: True,
        HEADERS_TOO_LARGE: True,
        BODY_TIMEOUT: body,
        REFERENCE_TAKEN: keyed,
        OVERLAP: versioned and body,
        VERSION_DIFFERS: versioned,
        TOO_LARGE: body,
        MEDIA: body,
        KEY_REUSED: keyed,
        VERSION_REQUIRED: versioned,
        UNEXPECTED: True,
        UNAVAILABLE: access is not None,
    }
    return [kind.status for kind, is_possible in possible.items() if is_possible]
