"""The rows of an import before and after they are stored: values that travel between processes."""

from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

from app.routing.facts import Consent
from app.services.fingerprints import Fingerprints
from app.services.records import Row

# What a referral that is stored waits for, the worst first.
Waiting = Literal["needs_information", "needs_triage", "needs_consent"]
Outcome = Literal["stored", "already_stored", Waiting, "invalid", "conflict"]


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row: the file's own column, a stable code, and a sentence without any value.

    `row` is the number of the row where it is the file that is at fault; a row's own faults stand with it.
    """

    column: str | None
    code: str
    detail: str
    row: int | None = None


class Summary(NamedTuple):
    """Where a referral goes, each once: acts, codes of responsible municipalities, ids of teams."""

    acts: tuple[str, ...]
    municipalities: tuple[str, ...]
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """One valid row, decided and sealed: what is stored of it where nothing is stored yet. Picklable.

    `refused` are the consents of one of which somebody has refused, else none.
    """

    number: int
    reference: str
    outcome: Outcome
    summary: Summary
    prints: Fingerprints
    referral: Row
    decision: Row
    handovers: list[Row]
    advice: list[Row]
    events: list[Row]
    refused: tuple[Consent, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that cannot be stored; its reference where that could be read."""

    number: int
    reference: str | None
    faults: tuple[RowFault, ...]


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: the referral that is stored under its reference, unless this is a dry run.

    `first_row` is the number of the earlier row of the same import with the same reference.
    """

    number: int
    reference: str | None
    outcome: Outcome
    referral_id: UUID | None = None
    first_row: int | None = None
    faults: tuple[RowFault, ...] = ()
