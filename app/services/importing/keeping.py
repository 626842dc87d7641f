"""Keeps what became of the rows of a chunk, and counts it with the import."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import asyncpg

from app.adapters.encryption import Keyring
from app.services.fingerprints import source_reference_index
from app.services.importing.imports import Import
from app.services.importing.results import seal_reference
from app.services.importing.rows import Draft, Rejected, RowResult, Summary
from app.services.importing.verdicts import Held, index_of

Row = Draft | Rejected
_KEEP: Final = """
INSERT INTO import_row (import_id, organisation_id, number, outcome, reference, reference_index,
    content_fingerprint, referral_id, first_row, faults)
SELECT $1, $2, r.number, r.outcome, r.reference, r.reference_index, r.content_fingerprint, r.referral_id,
       r.first_row, r.faults::jsonb
  FROM unnest($3::integer[], $4::text[], $5::bytea[], $6::bytea[], $7::bytea[], $8::uuid[], $9::integer[],
              $10::text[])
    AS r (number, outcome, reference, reference_index, content_fingerprint, referral_id, first_row, faults)
"""
_COUNT: Final = """
UPDATE import SET rows_done = rows_done + $3, last_row = $4, outcomes = $5, summary = $6
 WHERE organisation_id = $1 AND id = $2
"""
_NEITHER: Final = frozenset({"already_stored", "conflict", "invalid"})


async def keep_results(
    driver: asyncpg.Connection,
    import_: Import,
    rows: Sequence[Row],
    results: Sequence[RowResult],
    standing: Mapping[bytes, Held],
    keyring: Keyring,
) -> None:
    """One row for each, in which its reference is sealed, unless it was refused and erased at once."""
    records = [
        _record(import_, row, result, standing, keyring) for row, result in zip(rows, results, strict=True)
    ]
    if records:
        columns = zip(*records, strict=True)
        await driver.execute(_KEEP, import_.id, import_.organisation_id, *map(list, columns))


async def count(
    driver: asyncpg.Connection,
    import_: Import,
    counted: Mapping[str, Any],
    rows: Sequence[Row],
    results: Sequence[RowResult],
) -> None:
    """Adds what became of the rows to what the import has `counted`, which is locked."""
    new = [
        row.summary
        for row, result in zip(rows, results, strict=True)
        if isinstance(row, Draft) and result.outcome not in _NEITHER
    ]
    outcomes = _added(counted["outcomes"], (result.outcome for result in results))
    summary = counted["summary"]
    parts = {
        part: _added(summary.get(part, {}), (name for one in new for name in getattr(one, part)))
        for part in Summary._fields
    }
    last = rows[-1].number if rows else import_.last_row
    own = (import_.organisation_id, import_.id)
    await driver.execute(_COUNT, *own, len(rows), last, json.dumps(outcomes), json.dumps(parts))


def _added(counts: Mapping[str, int], names: Iterable[str]) -> Counter[str]:
    return Counter(counts) + Counter(names)


def _record(
    import_: Import, row: Row, result: RowResult, standing: Mapping[bytes, Held], keyring: Keyring
) -> tuple[Any, ...]:
    if isinstance(row, Draft):
        index: bytes | None = index_of(row)
        first = standing[index_of(row)]
        fingerprint, named = first.fingerprint, first.named
    else:
        index = source_reference_index(keyring, import_.organisation_id, row.reference)
        held = standing.get(index) if index else None
        fingerprint, named = None, held is None or held.named
    return (
        row.number,
        result.outcome,
        seal_reference(import_, row.number, row.reference) if row.reference and named else None,
        index,
        fingerprint,
        result.referral_id,
        result.first_row,
        json.dumps([asdict(fault) for fault in result.faults]) if result.faults else None,
    )
