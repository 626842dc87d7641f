"""Of a person who is erased no row of an import tells the reference, an index or a fingerprint."""

from dataclasses import replace
from typing import Final

import asyncpg

from app.adapters.erasure_ledger import Entry
from app.services.erasing import erase_again, erase_referral
from app.services.importing.course import finish_import
from app.services.importing.results import list_rows
from app.services.importing.rows import Rejected, RowFault, RowResult
from tests.importing.conftest import Importer, Row
from tests.importing.test_dry_run import REFUSED
from tests.services.conftest import NOW, SUBMISSION

FAULT: Final = RowFault(None, "x", "x")
KEPT: Final = """
SELECT array_agg(number ORDER BY number) FROM import_row
 WHERE num_nonnulls(reference, reference_index, content_fingerprint) > 0
"""
UNREADABLE: Final = "SELECT array_agg(number ORDER BY number) FROM import_row WHERE reference IS NULL"


async def imported(importer: Importer) -> RowResult:
    """A dry run, and a run with a row that was invalid, a double, and somebody else; the result of row 3."""
    rows = [importer.draft(3, "gone"), importer.draft(4, "gone", b"changed"), importer.draft(5, "stays")]
    await importer.run([importer.draft(13, "gone"), importer.draft(15, "stays")], dry_run=True)
    return (await importer.run([Rejected(2, "gone", (FAULT,)), *rows]))[1]


async def test_rows_of_an_erased_referral_tell_nothing_stored_or_not(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    result = await imported(importer)
    async with importer.transaction() as connection:
        assert result.referral_id
        await erase_referral(connection, importer.world.ledger, result.referral_id, NOW, "request")
    assert await owner.fetchval(KEPT) == [5, 15]


async def test_a_restored_backup_forgets_them_again(importer: Importer, owner: asyncpg.Connection) -> None:
    result = await imported(importer)
    assert result.referral_id
    entry = Entry(result.referral_id, importer.client.organisation_id, NOW, "request")
    async with importer.world.database.transaction() as connection:
        assert await erase_again(connection, entry)
    assert await owner.fetchval(KEPT) == [5, 15]


async def test_an_erasure_by_another_organisation_reaches_them(
    importer: Importer, other_importer: Importer, owner: asyncpg.Connection
) -> None:
    await imported(importer)
    index = importer.draft(9, "gone").prints.source_reference
    async with other_importer.transaction() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver
        await driver.execute("SELECT forget_imported($1, $2)", importer.client.organisation_id, index)
        assert await driver.fetchval("SELECT count(*) FROM import_row") == 0
    assert await owner.fetchval(KEPT) == [5, 15]


async def test_nothing_readable_is_kept_of_who_refused_and_no_index_when_the_import_has_ended(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    refused = replace(SUBMISSION.facts, consents=REFUSED)
    import_ = await importer.begin()
    await importer.store(import_, importer.draft(2, "a", facts=refused), importer.draft(3, "b"))
    assert await owner.fetchval(UNREADABLE) == [2]
    assert await owner.fetchval(KEPT) == [2, 3], "while there may be doubles"
    async with importer.transaction() as connection:
        await finish_import(connection, import_, importer.world.keyring, NOW)
    assert await owner.fetchval(KEPT) == [3]


async def test_rows_are_read_again_with_their_references_and_faults(importer: Importer) -> None:
    import_ = await importer.begin()
    rows: list[Row] = [
        importer.draft(2, "a"),
        Rejected(3, None, (FAULT,)),
        importer.draft(4, "a", b"changed"),
    ]
    results = await importer.store(import_, *rows)
    async with importer.transaction() as connection:
        page, after = await list_rows(connection, import_, limit=2)
        rest, end = await list_rows(connection, import_, after=after or 0, limit=2)
        filtered, _ = await list_rows(connection, import_, outcome="invalid")
    assert (page + rest, after, end, filtered) == (results, 3, None, [results[1]])


async def test_a_faulty_double_of_who_refused_tells_nothing_readable(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    refused = replace(SUBMISSION.facts, consents=REFUSED)
    await importer.run([importer.draft(2, "refused", facts=refused), Rejected(3, "refused", (FAULT,))])
    assert await owner.fetchval(KEPT) is None
