"""The course of an import: taken up again, cancelled, failed, finished; and told when it has ended."""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest

from app.errors import ImportTaken, NotFound
from app.services.feed import read_feed
from app.services.importing.course import cancel_import, fail_import, finish_import
from app.services.importing.imports import find_import, list_imports
from app.services.importing.rows import RowFault
from app.services.numbering import number_events
from tests.importing.conftest import Importer

SUBSCRIBE: Final = """
INSERT INTO webhook_subscription (id, organisation_id, roles, event_types, key_id, wrapped_key, url, secrets,
    status, version, created_at)
VALUES ($1, $2, '{referrer}', '{import.finished}', 'k', '', '', '', 'active', 1, now())
"""


async def test_the_same_file_goes_on_where_it_stopped(importer: Importer) -> None:
    import_ = await importer.begin()
    await importer.store(import_, importer.draft(2, "a"))
    again = await importer.begin()
    assert (again.id, again.last_row, again.rows_done) == (import_.id, 2, 1)


@pytest.mark.parametrize("how", [{"content": b"another file"}, {"dry_run": True}], ids=str)
async def test_another_file_or_kind_of_run_is_an_import_of_its_own(
    importer: Importer, how: dict[str, Any]
) -> None:
    import_ = await importer.begin()
    assert (await importer.begin(**how)).id != import_.id


async def test_another_organisation_never_goes_on_with_it(
    importer: Importer, other_importer: Importer
) -> None:
    import_ = await importer.begin()
    assert (await other_importer.begin()).id != import_.id
    with pytest.raises(NotFound):
        await other_importer.find(import_)


async def test_a_finished_import_that_is_run_again_stores_nothing(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    rows = [importer.draft(2, "a"), importer.draft(3, "b")]
    first = await importer.run(rows)
    again = await importer.run(rows)
    assert [result.outcome for result in again] == ["already_stored", "already_stored"]
    assert [result.referral_id for result in again] == [result.referral_id for result in first]
    assert await owner.fetchval("SELECT count(*) FROM referral") == 2


async def test_a_cancelled_import_stores_no_more_and_keeps_what_it_stored(
    importer: Importer, owner: asyncpg.Connection
) -> None:
    world, import_ = importer.world, await importer.begin()
    await importer.store(import_, importer.draft(2, "a"))
    async with importer.transaction() as connection:
        own = importer.client.organisation_id
        ended = await cancel_import(connection, own, world.keyring, import_.id, world.now)
    with pytest.raises(ImportTaken):
        await importer.store(replace(import_, last_row=2), importer.draft(3, "b"))
    assert (ended.status, ended.finished_at) == ("cancelled", world.now)
    assert await owner.fetchval("SELECT count(*) FROM referral") == 1


async def test_what_has_ended_stays_as_it_ended(importer: Importer) -> None:
    world, import_ = importer.world, await importer.begin()
    async with importer.transaction() as connection:
        await finish_import(connection, import_, world.keyring, world.now)
    async with importer.transaction() as connection:
        own = importer.client.organisation_id
        cancelled = await cancel_import(connection, own, world.keyring, import_.id, world.now)
        assert cancelled.status == "succeeded"
        with pytest.raises(ImportTaken):
            await fail_import(connection, import_, (), world.keyring, world.now)


async def test_a_file_that_cannot_be_run_says_why(importer: Importer) -> None:
    world, import_ = importer.world, await importer.begin()
    fault = RowFault(None, "file.changed", "The file has changed.")
    async with importer.transaction() as connection:
        failed = await fail_import(connection, import_, (fault,), world.keyring, world.now)
    assert (failed.status, failed.faults) == ("failed", (fault,))


async def test_the_end_is_told_to_the_organisation_alone(
    importer: Importer, other_importer: Importer
) -> None:
    world = importer.world
    await importer.run([importer.draft(2, "a")])
    async with world.database.transaction() as connection:
        await number_events(connection)
    told = {}
    for one in (importer, other_importer):
        async with one.transaction() as connection:
            events, _, _ = await read_feed(connection, one.client)
            told[one] = [event for event in events if event["type"] == "import.finished"]
    [event] = told[importer]
    assert (event["role"], event["referralId"], told[other_importer]) == ("system", None, [])


async def test_the_end_is_told_at_the_addresses_of_the_organisation_alone(
    importer: Importer, other_importer: Importer, owner: asyncpg.Connection
) -> None:
    for number, one in enumerate((importer, other_importer)):
        await owner.execute(SUBSCRIBE, UUID(int=number), one.client.organisation_id)
    await importer.run([importer.draft(2, "a")])
    async with importer.world.database.transaction() as connection:
        await number_events(connection)
    told = await owner.fetch("SELECT subscription_id FROM webhook_delivery")
    assert [row["subscription_id"] for row in told] == [UUID(int=0)]


async def test_imports_are_listed_a_page_at_a_time(importer: Importer) -> None:
    made = [(await importer.begin(content)).id for content in (b"1", b"2", b"3")]
    world, own = importer.world, importer.client.organisation_id
    async with importer.transaction() as connection:
        page, after = await list_imports(connection, own, world.keyring, limit=2)
        rest, end = await list_imports(connection, own, world.keyring, after=after, limit=2)
        none, _ = await list_imports(connection, own, world.keyring, status="failed")
        found = await find_import(connection, own, world.keyring, made[0])
    assert ([one.id for one in (*page, *rest)], end, none) == (sorted(made), None, [])
    assert (found.client.roles, found.format) == (frozenset({"referrer"}), "csv")
