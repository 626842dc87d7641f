"""The named business errors of the service; knows no HTTP.

VerwijsrouteError
├── NotFound                what was asked for does not exist, or not for this client
├── Conflict
│   ├── SourceReferenceTaken     the same source reference with other content
│   ├── IdempotencyKeyReused     the same Idempotency-Key with another body or path
│   ├── Overlap                  another registration claims the same for some of these days
│   ├── IllegalStep              a step that the handover's status or the client's relation does not allow
│   ├── Erased                   a change of what was erased
│   ├── Held                     an erasure that the law or another person's weighty interest forbids
│   ├── StillRunning             an erasure of what a team still works with
│   ├── ConsentMissing           an offer for which no consent is on record
│   ├── ImportEnded             a stop of an import that has ended
│   ├── TooMany                 there are as many of these as there may be
│   ├── VersionRequired          a change that does not say which version it changes
│   └── VersionDiffers           a change of a version that is not the current one
├── CursorGone              the event after which a reader goes on is not the one it was
├── InvalidInput            faults found after parsing: place, code and sentence, never a value
├── NotAFile                what was sent where a file belongs is in no form that files are read in
├── Unfit                   faults found by a service: place and code
├── NotAuthenticated        no credential
│   └── BadCredential            a key or token that is not valid
├── NotAllowed              a valid credential without the role that is needed
│   ├── InsufficientScope        a token whose scopes do not name a role that is needed
│   └── NotOwner                 with the role, but for what belongs to another organisation
├── QuotaExceeded           the client has asked all that it may for now
├── ImportTaken             somebody else has gone on with the import, or ended it
├── ImportBusy              another process works off the import
├── ImportStopped           the program failed at some rows of an import
│   ├── RowFailed                at one
│   └── ProducersDie             at some that every process died of
├── Unavailable             the database is away, hung or full: try again
├── ChainFailure            what keeps the worker and commands from linking or anchoring the access log
│   ├── ChainBroken              it is not what was anchored of it
│   ├── HeadsUnreachable         the volume outside the database cannot be read or written
│   └── HeadsDamaged             what is anchored was written without its key
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


class Overlap(Conflict):
    """Another registration claims the same for some of these days."""


class IllegalStep(Conflict):
    """A step that is not allowed now; `actions` are those that are, for this client."""

    def __init__(self, actions: tuple[str, ...]) -> None:
        super().__init__("illegal step")
        self.actions = actions


class Erased(Conflict):
    """A change of a referral whose content was erased."""


class Held(Conflict):
    """An erasure that the law forbids, or the weighty interest of another person (LAW E-34)."""


class StillRunning(Conflict):
    """An erasure of what a team still works with, by who did not say that it must end."""


class ConsentMissing(Conflict):
    """An offer for which the consent that it needs is not on record."""


class ImportEnded(Conflict):
    """A stop of an import that has succeeded or failed."""


class TooMany(Conflict):
    """There are as many of these as one organisation may have."""


class VersionRequired(Conflict):
    """A change that does not say which version it changes."""


class VersionDiffers(Conflict):
    """A change of a version that is not the current one, or of a thing that is not there yet."""


class CursorGone(VerwijsrouteError):
    """The event after which a reader goes on is not the one it was: an older backup was put back."""


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


class NotAFile(VerwijsrouteError):
    """What was sent where a file belongs is in no form that files are read in."""


class Unfit(VerwijsrouteError):
    """What was asked cannot be done so; `faults` are JSON pointers, each with a stable code."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__("unfit")
        self.faults = faults


class NotAuthenticated(VerwijsrouteError):
    """No credential."""


class BadCredential(NotAuthenticated):
    """A key or token that is malformed, unknown, expired or revoked; never says which."""


class NotAllowed(VerwijsrouteError):
    """A valid credential without the role that is needed: any of `roles`, where that is all it takes."""

    def __init__(self, roles: tuple[str, ...] = ()) -> None:
        super().__init__("not allowed")
        self.roles = roles


class InsufficientScope(NotAllowed):
    """A token without a scope that is needed: any of `roles`, by their scopes."""


class NotOwner(NotAllowed):
    """A credential with the role that is needed, for what belongs to another organisation."""


class QuotaExceeded(VerwijsrouteError):
    """The client has asked all that it may for now; `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__("quota exceeded")
        self.wait = wait


class ImportTaken(VerwijsrouteError):
    """Somebody else has gone on with the import, or ended it: find it again, and go on from where it is."""


class ImportBusy(VerwijsrouteError):
    """Another process works off the import."""


class ImportStopped(VerwijsrouteError):
    """The program failed at some rows of an import, which goes on once that is mended."""


class RowFailed(ImportStopped):
    """The program failed at one row: its number, and the class and place of what was raised."""

    def __init__(self, number: int, kind: str, place: str) -> None:
        super().__init__(number, kind, place)
        self.number, self.kind, self.place = number, kind, place

    def __str__(self) -> str:
        return f"row {self.number}: the program failed ({self.kind} at {self.place})"


class ProducersDie(ImportStopped):
    """Every process that was given these rows ended, from the first to the last number."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__(first, last)
        self.first, self.last = first, last

    def __str__(self) -> str:
        return f"rows {self.first} to {self.last}: every process that was given them ended; is memory short?"


class Unavailable(VerwijsrouteError):
    """The database is away, hung or full: the same request may be sent again."""


class ChainFailure(VerwijsrouteError):
    """The access log cannot be linked or anchored; no request hears of it."""


class ChainBroken(ChainFailure):
    """The access log is not what was anchored of it outside the database."""


class HeadsUnreachable(ChainFailure):
    """The volume outside the database cannot be read or written."""


class HeadsDamaged(ChainFailure):
    """What is anchored of the access log cannot be read, or was written by somebody without the key."""


class CannotStart(VerwijsrouteError):
    """A setting, rule file or database that is not fit to serve with; the text says which and why."""
