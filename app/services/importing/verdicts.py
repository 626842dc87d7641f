"""What becomes of each row: the first of a reference is stored or found, its doubles are compared with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from app.services.importing.imports import Import
from app.services.importing.rows import Draft, Outcome, Rejected, RowResult

# Rows whose referral was erased meanwhile have no index any more: theirs are first rows again.
_EARLIER: Final = """
SELECT DISTINCT ON (reference_index) reference_index, number, outcome, referral_id, content_fingerprint,
       reference IS NOT NULL AS named
  FROM import_row
 WHERE reference_index = ANY ($1) AND import_id = $2 AND organisation_id = $3
   AND content_fingerprint IS NOT NULL
 ORDER BY reference_index, number
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What stands under a reference: by which row of the import that is known, and what became of that.

    `fingerprint` is of the content that is stored, or would be without a dry run. Where it is not `named`
    the referral was refused and erased at once: nothing readable is kept of it.
    """

    number: int
    outcome: Outcome
    referral_id: UUID | None
    fingerprint: bytes
    named: bool = True


Standing = dict[bytes, Held]


async def earlier_rows(driver: asyncpg.Connection, import_: Import, indexes: Sequence[bytes]) -> Standing:
    """What earlier chunks of the import know of references, by their index."""
    rows = await driver.fetch(_EARLIER, indexes, import_.id, import_.organisation_id)
    return {row["reference_index"]: Held(*tuple(row)[1:]) for row in rows}


def first_of_each(drafts: Iterable[Draft], standing: Mapping[bytes, Held]) -> list[Draft]:
    """The first draft of each reference that nothing is known of yet."""
    firsts: dict[bytes, Draft] = {}
    for draft in drafts:
        if index_of(draft) not in standing:
            firsts.setdefault(index_of(draft), draft)
    return list(firsts.values())


def index_of(draft: Draft) -> bytes:
    """The keyed index of a draft's reference: each has one."""
    assert draft.prints.source_reference is not None
    return draft.prints.source_reference


def results_of(rows: Sequence[Draft | Rejected], standing: Mapping[bytes, Held]) -> list[RowResult]:
    """What became of each row."""
    return [
        RowResult(row.number, row.reference, "invalid", faults=row.faults)
        if isinstance(row, Rejected)
        else _result(row, standing[index_of(row)])
        for row in rows
    ]


def _result(draft: Draft, held: Held) -> RowResult:
    if held.number == draft.number:
        return RowResult(draft.number, draft.reference, held.outcome, held.referral_id)
    outcome = compared(draft, held.fingerprint)
    return RowResult(draft.number, draft.reference, outcome, held.referral_id, first_row=held.number)


def compared(draft: Draft, fingerprint: bytes) -> Outcome:
    """Whether a draft says what is stored under its reference."""
    return "already_stored" if draft.prints.content == fingerprint else "conflict"
