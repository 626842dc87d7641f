"""Stores the first row of each reference, or finds what is stored under it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import asyncpg

from app.errors import Unavailable
from app.services.importing.imports import Import
from app.services.importing.records import codes, other_records, referral_records
from app.services.importing.rows import Draft
from app.services.importing.staging import stage_referrals, stage_the_rest
from app.services.importing.verdicts import Held, Standing, compared, index_of

# As a single referral finds them: see STORE in write.
_ORGANISATIONS: Final = """
SELECT DISTINCT ON (code) code, id FROM organisation
 WHERE code = ANY ($1) AND kind <> 'operator' ORDER BY code, kind
"""
_HOLDERS: Final = """
SELECT source_reference_index, id, content_fingerprint FROM referral
 WHERE organisation_id = $1 AND source_reference_index = ANY ($2) FOR KEY SHARE
"""


async def store_firsts(
    driver: asyncpg.Connection, import_: Import, firsts: Sequence[Draft]
) -> tuple[Standing, list[Draft]]:
    """What stands under each reference now, and which drafts were stored: none of a dry run.

    Raises Unavailable where what was found went before it could be read: the chunk is to be tried again.
    """
    async with _kept(driver, not import_.dry_run):
        stored = await stage_referrals(driver, referral_records(firsts, import_))
        new = [draft for draft in firsts if draft.referral["id"] in stored]
        found = await driver.fetch(_ORGANISATIONS, codes(new))
        organisations = {row["code"]: row["id"] for row in found}
        await stage_the_rest(driver, other_records(new, import_, organisations))
    standing = {index_of(draft): _new(draft, import_) for draft in new}
    others = [draft for draft in firsts if index_of(draft) not in standing]
    if others:
        standing |= await _found(driver, import_, others)
    return standing, [] if import_.dry_run else new


def _new(draft: Draft, import_: Import) -> Held:
    id = None if import_.dry_run else draft.referral["id"]
    return Held(draft.number, draft.outcome, id, draft.prints.content)


async def _found(driver: asyncpg.Connection, import_: Import, drafts: Sequence[Draft]) -> Standing:
    wanted = [index_of(draft) for draft in drafts]
    rows = await driver.fetch(_HOLDERS, import_.organisation_id, wanted)
    holders: dict[bytes, tuple[UUID, bytes]] = {row[0]: (row[1], row[2]) for row in rows}
    if len(holders) < len(wanted):
        raise Unavailable
    return {
        index: Held(draft.number, compared(draft, holders[index][1]), *holders[index])
        for index, draft in zip(wanted, drafts, strict=True)
    }


@asynccontextmanager
async def _kept(driver: asyncpg.Connection, kept: bool) -> AsyncIterator[None]:
    """Takes back what the block does unless it is to be kept: that is all that a dry run does otherwise."""
    await driver.execute("SAVEPOINT firsts")
    yield
    await driver.execute("RELEASE SAVEPOINT firsts" if kept else "ROLLBACK TO SAVEPOINT firsts")
