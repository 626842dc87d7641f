"""Uploads: kept sealed in parts, read again, and gone when their import has ended."""

from hashlib import sha256

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from app.errors import ImportTaken
from app.services.importing.course import NewImport, begin_import, cancel_import, finish_import
from app.services.importing.imports import Import, waiting_imports
from app.services.importing.uploads import PART_BYTES, add_part, end_upload, read_part
from tests.importing.conftest import Importer

PARTS = (b"reference;birth date\r\n", b"sis-1;2009-05-15\r\n")


async def sent(importer: Importer, *, whole: bool = True, mapping: bytes | None = None) -> Import:
    """An upload of two parts."""
    world = importer.world
    asked = NewImport(digest=None, mapping=mapping, dry_run=False)
    async with importer.transaction() as connection:
        import_ = await begin_import(connection, asked, importer.client, world.keyring, world.now)
    for number, part in enumerate(PARTS, start=1):
        async with importer.transaction() as connection:
            await add_part(connection, import_, number, part)
    if not whole:
        return import_
    content = b"".join(PARTS)
    async with importer.transaction() as connection:
        ended = (sha256(content).digest(), len(content), world.keyring, world.now)
        return await end_upload(connection, import_, *ended)


async def waiting(importer: Importer) -> list[object]:
    async with importer.world.database.transaction() as connection:
        return [id for id, _ in await waiting_imports(connection)]


async def test_parts_are_read_as_they_came(importer: Importer) -> None:
    import_ = await sent(importer, mapping=b"[columns]")
    async with importer.transaction() as connection:
        read = [await read_part(connection, import_, number) for number in (1, 2, 3)]
    assert (read, import_.content_size, import_.mapping) == ([*PARTS, None], 40, b"[columns]")


async def test_nothing_of_an_upload_or_a_mapping_is_readable_in_the_database(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    await sent(importer, mapping=b"[columns] geboortedatum")
    rows = [*await owner.fetch("SELECT * FROM import_part"), *await owner.fetch("SELECT * FROM import")]
    kept = b"".join(value for row in rows for value in row if isinstance(value, bytes))
    assert all(secret not in kept for secret in (b"sis-1", b"2009-05-15", b"geboortedatum"))


async def test_a_part_that_was_moved_does_not_open(importer: Importer, owner: asyncpg.Connection) -> None:
    import_ = await sent(importer)
    await owner.execute("UPDATE import_part SET content = (SELECT content FROM import_part WHERE number = 2)")
    with pytest.raises(InvalidTag):
        async with importer.transaction() as connection:
            await read_part(connection, import_, 1)


async def test_an_upload_waits_to_be_run_when_it_has_arrived(importer: Importer) -> None:
    await sent(importer, whole=False)
    assert await waiting(importer) == []
    import_ = await sent(importer)
    assert await waiting(importer) == [import_.id]


async def test_the_same_upload_again_is_the_unfinished_import(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    first, again = await sent(importer), await sent(importer)
    assert again.id == first.id
    assert await owner.fetchval("SELECT count(*) FROM import") == 1
    assert await owner.fetchval("SELECT count(*) FROM import_part") == 2


@pytest.mark.parametrize("whole", [True, False])
async def test_an_upload_goes_when_its_import_ends(
    importer: Importer, owner: asyncpg.Connection, whole: bool
) -> None:
    world, import_ = importer.world, await sent(importer, whole=whole)
    async with importer.transaction() as connection:
        ended = await finish_import(connection, import_, world.keyring, world.now)
    assert ended.content_removed_at == world.now
    assert await owner.fetchval("SELECT count(*) FROM import_part") == 0
    assert await waiting(importer) == []


async def test_no_part_comes_after_the_end(importer: Importer) -> None:
    world, import_ = importer.world, await sent(importer, whole=False)
    async with importer.transaction() as connection:
        own = importer.client.organisation_id
        await cancel_import(connection, own, world.keyring, import_.id, world.now)
    with pytest.raises(ImportTaken):
        async with importer.transaction() as connection:
            await add_part(connection, import_, 3, b"more")


async def test_a_part_has_its_size(importer: Importer) -> None:
    import_ = await sent(importer, whole=False)
    with pytest.raises(ValueError, match="1048576"):
        async with importer.transaction() as connection:
            await add_part(connection, import_, 3, bytes(PART_BYTES + 1))
