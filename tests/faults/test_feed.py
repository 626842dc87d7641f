"""A reader of the feed sees every event once and in order, whoever commits late, and after a restore."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.adapters.embedded_postgres import EmbeddedPostgres, embedded_postgres
from app.errors import CursorGone
from app.resources import open_resources
from app.services import numbering
from app.services.feed import START
from tests.faults import backups
from tests.faults.feed import (
    CHANGES,
    WRITERS,
    Read,
    by_last_seen,
    by_number,
    catch_up,
    change_at_once,
    referred,
)
from tests.faults.postgres import SERVICE_ROLE, copied_cluster, over
from tests.faults.stage import Count, Prepared

NOTHING = {"missed": 0, "doubled": 0, "disordered": 0}


@pytest.fixture
def server(prepared: Prepared) -> Iterator[EmbeddedPostgres]:
    with copied_cluster(prepared.cluster) as running:
        yield running


async def test_a_reader_sees_each_event_once_and_in_order_also_after_a_restore(
    prepared: Prepared, server: EmbeddedPostgres, scratch: Path, count: Count
) -> None:
    async with open_resources(over(prepared.settings, server)) as resources:
        told = await referred(resources, prepared.schools[0])
        await change_at_once(resources.database, told)
        backup = backups.dump(server, scratch / "backup")
    before = len(told.seen)
    with embedded_postgres(scratch / "new" / "postgres", SERVICE_ROLE) as restored:
        backups.restore(restored, backup)
        async with open_resources(over(prepared.settings, restored)) as resources:
            await change_at_once(resources.database, told)
            await catch_up(resources.database, told)
    count(f"{WRITERS} writers, {2 * WRITERS * CHANGES} changes, {before} events read before the restore")
    count(f"{dict(told.faults())}")
    assert told.faults() == NOTHING
    assert len(told.seen) > before > 0


async def test_after_an_older_backup_the_reader_is_told_to_start_anew(
    prepared: Prepared, server: EmbeddedPostgres, scratch: Path
) -> None:
    async with open_resources(over(prepared.settings, server)) as resources:
        told = await referred(resources, prepared.schools[0])
        old = backups.dump(server, scratch / "old")
        await change_at_once(resources.database, told)
        await catch_up(resources.database, told)
    with embedded_postgres(scratch / "new" / "postgres", SERVICE_ROLE) as restored:
        backups.restore(restored, old)
        for referral in told.committed:
            told.committed[referral] = []
        async with open_resources(over(prepared.settings, restored)) as resources:
            await change_at_once(resources.database, told, None)
            with pytest.raises(CursorGone):
                await catch_up(resources.database, told)
            told.place, told.seen = START, []
            await catch_up(resources.database, told)
    assert told.faults() == NOTHING


@pytest.mark.parametrize("column", ["id", "written"])
async def test_control_a_reader_that_goes_on_from_the_last_one_seen_misses_some(
    prepared: Prepared, server: EmbeddedPostgres, count: Count, column: str
) -> None:
    read: Read = by_last_seen(column)
    async with open_resources(over(prepared.settings, server)) as resources:
        told = await referred(resources, prepared.schools[0])
        await change_at_once(resources.database, told, read)
        await catch_up(resources.database, told, read)
    count(f"by {column}: {dict(told.faults())}")
    assert told.faults()["missed"] > 0


async def test_control_numbers_in_the_order_of_clocks_disorder_referrals(
    prepared: Prepared, server: EmbeddedPostgres, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = numbering.NUMBER.replace("ORDER BY written", "ORDER BY id")
    assert planted != numbering.NUMBER
    monkeypatch.setattr(numbering, "NUMBER", planted)
    async with open_resources(over(prepared.settings, server)) as resources:
        told = await referred(resources, prepared.schools[0])
        await change_at_once(resources.database, told, by_number)
        await catch_up(resources.database, told)
    count(f"{dict(told.faults())}")
    assert told.faults()["disordered"] > 0
