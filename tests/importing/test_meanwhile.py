"""What happens between the deciding of rows and their storing, or while they are stored, is not missed."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg

from app.services.directories import put_things
from app.services.erasing import erase_referral
from app.services.importing.chunks import store_chunk
from app.services.importing.rows import Rejected, RowFault
from tests.importing.conftest import Importer
from tests.services.conftest import NOW, TODAY

DAYS = "SELECT reassess_on = $1 AND clock_on = $1 FROM handover ORDER BY id"
KEPT = (
    "SELECT count(*) FROM import_row WHERE num_nonnulls(reference, reference_index, content_fingerprint) > 0"
)


async def test_what_was_decided_before_a_newer_edition_is_looked_at_today(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    import_ = await importer.begin()
    ahead = importer.draft(3, "ahead")
    await importer.store(import_, importer.draft(2, "before"))
    id = await owner.fetchval("SELECT team_id FROM handover")
    (team,) = (team for team in importer.world.directory.teams if team.id == id)
    async with importer.world.database.transaction() as connection:
        await put_things(connection, [replace(team, valid_to=TODAY - timedelta(days=1))], NOW)
    await importer.store(replace(import_, last_row=2), ahead)
    looked_at = [row[0] for row in await owner.fetch(DAYS, TODAY)]
    assert looked_at == [True] * len(looked_at)


async def erase(importer: Importer, id: UUID) -> None:
    async with importer.transaction() as connection:
        await erase_referral(connection, importer.world.ledger, id, NOW, "request")


async def test_an_erasure_waits_for_a_chunk_and_reaches_its_rows(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    (first,) = await importer.run([importer.draft(2, "gone")])
    import_ = await importer.begin(b"other")
    rows = (
        importer.draft(2, "gone"),
        Rejected(3, "gone", (RowFault(None, "x", "x"),)),
        importer.draft(4, "gone", b"changed"),
    )
    assert first.referral_id
    async with importer.transaction() as connection:
        await store_chunk(connection, import_, rows, importer.world.deciding())
        erasing = asyncio.create_task(erase(importer, first.referral_id))
        await asyncio.sleep(0.3)
    await erasing
    assert await owner.fetchval(KEPT) == 0
