"""Two imports of the same rows at the same time give one set of referrals, and neither waits for ever."""

import asyncio
from collections import Counter

import asyncpg

from app.services.importing.rows import Draft
from tests.importing.conftest import Importer


def cohort(importer: Importer, *, backwards: bool = False) -> list[Draft]:
    """The same rows in one order or the other, each time sealed anew."""
    references = [f"sis-{n}" for n in range(60)]
    ordered = reversed(references) if backwards else references
    return [importer.draft(number, reference) for number, reference in enumerate(ordered, start=2)]


async def test_two_imports_of_the_same_rows_give_one_set(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    one, other = cohort(importer), cohort(importer, backwards=True)
    both = await asyncio.gather(
        importer.run(one, chunk=15, content=b"1"), importer.run(other, chunk=15, content=b"2")
    )
    outcomes = Counter(result.outcome for results in both for result in results)
    assert outcomes == {"stored": 60, "already_stored": 60}
    assert await owner.fetchval("SELECT count(*) FROM referral") == 60
    ids = [{result.reference: result.referral_id for result in results} for results in both]
    assert ids[0] == ids[1]


async def test_an_import_and_a_single_referral_give_one(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    rows, submit = cohort(importer), importer.world.submit
    single = [submit(source_reference=row.reference, content=row.reference.encode()) for row in rows[::9]]
    _, results = await asyncio.gather(asyncio.gather(*single), importer.run(rows))
    assert {result.outcome for result in results} <= {"stored", "already_stored"}
    assert await owner.fetchval("SELECT count(*) FROM referral") == 60


async def test_all_imports_store_in_one_order_so_that_none_waits_for_another_that_waits_for_it(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    await importer.run(cohort(importer))
    rows = await owner.fetch("SELECT source_reference_index FROM referral ORDER BY ctid")
    stored = [row["source_reference_index"] for row in rows]
    assert stored == sorted(stored)
