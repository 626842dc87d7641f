"""What happens between the deciding of rows and their storing, or while they are stored, is not missed."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg

from app.adapters.erasure_ledger import Entry
from app.services.directories import put_things
from app.services.erasing import erase_referral
from app.services.importing.chunks import store_chunk
from app.services.importing.course import finish_import
from app.services.importing.rows import Rejected, RowFault
from app.services.starting import catch_up
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


async def test_who_was_erased_since_an_import_began_does_not_come_back_with_it(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    (first,) = await importer.run([importer.draft(2, "gone")])
    waiting = await importer.begin(b"other")
    assert first.referral_id
    await erase(importer, first.referral_id)
    rows = (importer.draft(2, "gone"), importer.draft(3, "stays"), importer.draft(4, "gone", b"changed"))
    results = await importer.store(waiting, *rows)
    assert [row.outcome for row in results] == ["invalid", "stored", "invalid"]
    assert await owner.fetchval("SELECT count(*) FROM referral") == 2
    async with importer.transaction() as connection:
        await finish_import(connection, waiting, importer.world.keyring, NOW)
    assert await owner.fetchval("SELECT count(*) FROM import_erasure") == 0


async def test_an_upload_of_before_an_erasure_ends_where_an_older_backup_was_put_back(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    waiting = await importer.begin()
    await owner.execute("UPDATE import SET content_size = 1")
    own, later = importer.client.organisation_id, NOW + timedelta(days=1)
    importer.world.ledger.append(Entry(uuid4(), own, later, "request"))
    await catch_up(importer.world.database.transaction, importer.world.ledger)
    ended = await importer.find(waiting)
    assert (ended.status, [fault.code for fault in ended.faults]) == ("failed", ["upload.restored"])
