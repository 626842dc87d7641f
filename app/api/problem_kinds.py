"""The only table of HTTP codes: each kind of problem, and which named error it answers (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from app import errors


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of problem: HTTP status, name in its URN, title, what the client can do, headers."""

    status: int
    name: str
    title: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    registered: str | None = None

    @property
    def urn(self) -> str:
        """The stable name of this kind, the `type` of RFC 9457: ours, or one that is registered with IANA."""
        return self.registered or f"urn:problem-type:verwijsroute:{self.name}"


CHALLENGE: Final = 'Bearer realm="verwijsroute"'

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
    {"WWW-Authenticate": CHALLENGE},
)
BAD_CREDENTIAL = Kind(
    401,
    "bad-credential",
    "Sleutel of token geldt niet",
    "Haal een nieuw token, of vraag de beheerder om een nieuwe sleutel.",
    {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'},
)
NOT_ALLOWED = Kind(403, "not-allowed", "Niet toegestaan", "De sleutel mist de rol die dit verzoek vraagt.")
INSUFFICIENT_SCOPE = Kind(
    403,
    "insufficient-scope",
    "Het token reikt niet zo ver",
    "Vraag een token met een scope die dit verzoek vraagt; de header WWW-Authenticate noemt ze.",
    {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope"'},
)
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
ILLEGAL_STEP = Kind(
    409,
    "illegal-step",
    "Deze stap kan nu niet",
    "availableActions noemt wat deze sleutel met deze overdracht wel kan. Er is niets veranderd.",
)
ERASED = Kind(
    409,
    "erased",
    "De gegevens zijn gewist",
    "Van deze verwijzing bestaat alleen nog dat zij er was. Stuur zo nodig een nieuwe verwijzing.",
)
HELD = Kind(
    409,
    "held",
    "Wissen mag nu niet",
    "De wet of een zwaarwegend belang van een ander verbiedt het. dryRun zegt tot wanneer.",
)
STILL_RUNNING = Kind(
    409,
    "still-running",
    "Een team helpt nog",
    "Laat het team eerst stoppen, of stuur endRunning: de overdracht stopt en het team ziet niets meer.",
)
CONSENT_MISSING = Kind(
    409,
    "consent-missing",
    "De toestemming ontbreekt",
    "Leg eerst de toestemming vast bij de verwijzing.",
)
OVERLAP = Kind(
    409,
    "overlap",
    "Overlapt met een andere inschrijving",
    "Dezelfde school of afspraak staat voor een deel van deze dagen al onder een ander id. "
    "Verander die, of de dagen.",
)
IMPORT_ENDED = Kind(
    409,
    "import-ended",
    "De import is al klaar",
    "Er valt niets meer te stoppen. Wat er van elke rij is geworden staat onder rows.",
)
TOO_MANY = Kind(409, "too-many", "Het zijn er genoeg", "Neem er eerst een weg, of wacht tot er een klaar is.")
CURSOR_GONE = Kind(
    410,
    "cursor-gone",
    "Deze cursor geldt niet meer",
    "De dienst is teruggezet naar een eerder moment, of wat toen gebeurde is vergeten. Begin opnieuw zonder "
    "cursor en sla over wat je al hebt: "
    "een gebeurtenis houdt haar id.",
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
UPLOAD_MEDIA = replace(
    MEDIA,
    detail="Stuur multipart/form-data, text/csv, application/x-ndjson of een werkblad (xlsx), niet ingepakt.",
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
QUOTA_EXCEEDED = Kind(
    429,
    "quota-exceeded",
    "Te veel verzoeken",
    "Wacht zo veel seconden als in Retry-After staat, en stuur het verzoek dan opnieuw.",
    {"Retry-After": "1"},
    "https://iana.org/assignments/http-problem-types#quota-exceeded",
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
    errors.BadCredential: BAD_CREDENTIAL,
    errors.NotAllowed: NOT_ALLOWED,
    errors.InsufficientScope: INSUFFICIENT_SCOPE,
    errors.NotOwner: NOT_OWNER,
    errors.NotFound: NOT_FOUND,
    errors.Conflict: CONFLICT,
    errors.SourceReferenceTaken: REFERENCE_TAKEN,
    errors.IdempotencyKeyReused: KEY_REUSED,
    errors.IllegalStep: ILLEGAL_STEP,
    errors.Erased: ERASED,
    errors.Held: HELD,
    errors.StillRunning: STILL_RUNNING,
    errors.ConsentMissing: CONSENT_MISSING,
    errors.NotAFile: UPLOAD_MEDIA,
    errors.Unfit: INVALID,
    errors.Overlap: OVERLAP,
    errors.VersionRequired: VERSION_REQUIRED,
    errors.VersionDiffers: VERSION_DIFFERS,
    errors.ImportEnded: IMPORT_ENDED,
    errors.TooMany: TOO_MANY,
    errors.CursorGone: CURSOR_GONE,
    errors.QuotaExceeded: QUOTA_EXCEEDED,
    errors.Unavailable: UNAVAILABLE,
}
KINDS: Final = (
    INVALID, MALFORMED, NOT_AUTHENTICATED, BAD_CREDENTIAL, NOT_ALLOWED, INSUFFICIENT_SCOPE, NOT_OWNER,
    NOT_FOUND, METHOD, NOT_ACCEPTABLE, BODY_TIMEOUT, CONFLICT, REFERENCE_TAKEN, ILLEGAL_STEP, ERASED,
    HELD, STILL_RUNNING, CONSENT_MISSING, OVERLAP, IMPORT_ENDED, TOO_MANY, CURSOR_GONE, VERSION_DIFFERS,
    TOO_LARGE, TARGET_TOO_LONG, MEDIA, KEY_REUSED, VERSION_REQUIRED, QUOTA_EXCEEDED, HEADERS_TOO_LARGE,
    UNEXPECTED, UNAVAILABLE,
)  # fmt: skip
KINDS_BY_STATUS: Final = {
    status: [kind for kind in KINDS if kind.status == status] for status in sorted({k.status for k in KINDS})
}
OF_STATUS: Final = {
    kind.status: kind for kind in (NOT_FOUND, METHOD, BODY_TIMEOUT, MEDIA, TOO_LARGE, UNAVAILABLE)
}
