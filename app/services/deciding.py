"""What a decision is made with, and what is added to a referral before it is decided anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from app.adapters.encryption import Keyring
from app.adapters.erasure_ledger import ErasureLedger
from app.reference import Reference
from app.routing import Directory, Facts, Rulebook
from app.services.resources import Plain


@dataclass(frozen=True, slots=True)
class Deciding:
    """What a decision is made with: law, directory with its reference, keys, ledger, day and moment."""

    rulebook: Rulebook
    directory: Directory
    reference: Reference
    keyring: Keyring
    ledger: ErasureLedger
    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Revising:
    """What is added to a referral.

    `change` turns the facts as they were into those on the reference date; `student` holds what it tells
    of the student's identity, `on` another reference date, `event` what is told beside the decision.
    The problem domains in `anew` are looked at as if their routes had changed.
    """

    change: Callable[[Facts, date], Facts]
    student: Plain
    on: date | None
    event: str | None
    anew: frozenset[str] = frozenset()
