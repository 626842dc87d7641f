"""The named business errors of the service; knows no HTTP.

VerwijsrouteError
├── NotFound                what was asked for does not exist, or not for this client
├── Conflict
│   ├── SourceReferenceTaken     the same source reference with other content
│   └── IdempotencyKeyReused     the same Idempotency-Key with another body or path
├── InvalidInput            faults found after parsing: place, code and sentence, never a value
├── NotAuthenticated        no credential, or one that is not valid
├── NotAllowed              a valid credential without the role that is needed
├── Unavailable             the database is away, hung or full: try again
└── CannotStart             a setting, rule file or database that is not fit to serve with
"""

from dataclasses import dataclass


class VerwijsrouteError(Exception):
    """The root of all errors that the service names itself."""


class NotFound(VerwijsrouteError):
    """What was asked for does not exist, or not for this client."""


class Conflict(VerwijsrouteError):
    """The request clashes with what is stored."""


class SourceReferenceTaken(Conflict):
    """The same source reference was sent before with other content."""


class IdempotencyKeyReused(Conflict):
    """The same Idempotency-Key was sent before with another body or path."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in what was sent: a JSON pointer, a stable code and a sentence without values."""

    location: str
    code: str
    detail: str


class InvalidInput(VerwijsrouteError):
    """Faults found after parsing; `faults` says what and where."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("invalid input")
        self.faults = faults


class NotAuthenticated(VerwijsrouteError):
    """No credential, or one that is unknown, expired or revoked."""


class NotAllowed(VerwijsrouteError):
    """A valid credential without the role that is needed."""


class Unavailable(VerwijsrouteError):
    """The database is away, hung or full: the same request may be sent again."""


class CannotStart(VerwijsrouteError):
    """A setting, rule file or database that is not fit to serve with; the text says which and why."""
