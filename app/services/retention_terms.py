"""How long each class of records is kept, from when it counts, and on what ground (LAW 7.4)."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One class of records: kept for so many days `since` something happened; `source` says why so long."""

    name: str
    days: int
    since: str
    source: str


# LAW E-33: the service keeps no file of help, so no statutory term of 15 or 20 years is its own; those are of
# the file of whoever helps. The end of enrolment is not known here: that of the last handover stands for it.
TERMS: Final = (
    Term(
        name="referral",
        days=730,
        since="the last handover ended, or the last advice was handled",
        source="AVG 5(1)(e); LAW E-33 (two years, configurable)",
    ),
    Term(
        name="unfinished_referral",
        days=1826,
        since="the last decision or step, where it never ended",
        source="AVG 5(1)(e); LAW E-33 (an enrolment of at most four years, and one)",
    ),
    Term(
        name="idempotency_key",
        days=3,
        since="the request",
        source="CONTRACT 4 (72 hours)",
    ),
    Term(
        name="import",
        days=30,
        since="an import ended, or was asked where it never did; with what became of its rows",
        source="AVG 5(1)(e): to put right what was refused, and to send it again",
    ),
    Term(
        name="import_upload",
        days=7,
        since="a file was sent; it goes earlier, when its import ends",
        source="AVG 5(1)(e): for as long as it takes to import it, with a long weekend",
    ),
    Term(
        name="delivery",
        days=90,
        since="the delivery was made, with its attempts",
        source="AVG 5(1)(e): to find out why a message did not arrive",
    ),
    Term(
        name="access_log",
        days=1826,
        since="somebody looked",
        source="AVG 5(2); LAW E-33 (the audit log apart); five years like care (NEN 7513, not looked up)",
    ),
    Term(
        name="event",
        days=1826,
        since="it happened",
        source="AVG 5(1)(e): the history of a handover, for as long as a referral may be kept",
    ),
)
