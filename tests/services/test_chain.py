"""G24: what a database administrator does to the access log is found, by what is kept outside of it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.adapters.postgres import driver_of
from app.config import Settings
from app.errors import ChainBroken, HeadsDamaged, HeadsUnreachable
from app.resources import Resources, open_resources
from app.services.chain_check import Checked, check_chains
from app.services.chain_heads import FILE, Anchor, Heads, read_heads
from app.services.chain_rows import current_heads
from app.worker.chain_access_log import JOB
from tests.services.tampering import SEVEN, Tamper, delete_chain, delete_tail, rewrite, write

UNBOUND = "SET session_replication_role = replica"


async def link_all(resources: Resources) -> None:
    while await JOB.run(resources):
        pass


async def check(resources: Resources, heads: Heads | None = None) -> Checked:
    anchored = heads or await read_heads(resources.settings.trust_folder, resources.keyring)
    assert anchored is not None
    async with resources.database.transaction() as connection:
        return await check_chains(connection, anchored)


@pytest.fixture
async def resources(settings: Settings) -> AsyncIterator[Resources]:
    async with open_resources(settings) as opened:
        yield opened


@pytest.fixture
async def chained(resources: Resources, owner: asyncpg.Connection) -> Resources:
    """Two organisations with twenty rows each, linked and anchored; the owner is bound by no trigger."""
    await write(owner, 40)
    await link_all(resources)
    await owner.execute(UNBOUND)
    return resources


async def test_a_chain_that_nobody_touched_holds(chained: Resources) -> None:
    assert await check(chained) == Checked(chains=2, rows=40, beyond=0, breaks=())


@pytest.mark.parametrize("tamper", SEVEN)
async def test_what_is_done_to_the_log_is_found_and_where(
    chained: Resources, owner: asyncpg.Connection, tamper: Tamper
) -> None:
    await tamper(owner)
    assert (await check(chained)).breaks == (SEVEN[tamper],)


@pytest.mark.parametrize("tamper", SEVEN)
async def test_the_worker_does_not_cover_up_what_was_done(
    chained: Resources, owner: asyncpg.Connection, tamper: Tamper
) -> None:
    await tamper(owner)
    await write(owner, 4)
    for _ in range(2):
        try:
            await JOB.run(chained)
        except ChainBroken:
            continue
    assert SEVEN[tamper] in (await check(chained)).breaks


async def test_without_what_is_kept_outside_three_of_the_seven_stay_unseen(
    chained: Resources, owner: asyncpg.Connection
) -> None:
    """The control: why the heads are not kept in the database."""
    unseen = []
    for tamper in (delete_tail, rewrite, delete_chain):
        await tamper(owner)
        async with chained.database.transaction() as connection:
            inside = await current_heads(await driver_of(connection))
        if not (await check(chained, Heads({id: Anchor(head) for id, head in inside.items()}))).breaks:
            unseen.append(tamper)
    assert unseen == [delete_tail, rewrite, delete_chain]


async def test_two_workers_at_once_make_one_chain(
    settings: Settings, resources: Resources, owner: asyncpg.Connection
) -> None:
    async with open_resources(settings) as second:
        for _ in range(10):
            await write(owner, 20)
            await asyncio.gather(*(JOB.run(worker) for worker in (resources, second) * 3))
    await link_all(resources)
    assert await check(resources) == Checked(chains=2, rows=200, beyond=0, breaks=())


async def test_heads_that_were_written_without_the_key_are_refused(chained: Resources) -> None:
    file = chained.settings.trust_folder / FILE
    file.write_text(file.read_text().replace('"number": 20', '"number": 19', 1))
    with pytest.raises(HeadsDamaged):
        await check(chained)


async def test_the_heads_are_for_their_owner_alone(chained: Resources) -> None:
    assert (chained.settings.trust_folder / FILE).stat().st_mode & 0o777 == 0o600


async def test_a_lost_file_is_not_made_anew(chained: Resources, owner: asyncpg.Connection) -> None:
    (chained.settings.trust_folder / FILE).unlink()
    await write(owner, 2)
    with pytest.raises(ChainBroken):
        await JOB.run(chained)
    assert not (chained.settings.trust_folder / FILE).exists()


async def test_a_link_is_not_changed_even_by_the_owner_of_the_table(
    resources: Resources, owner: asyncpg.Connection
) -> None:
    await write(owner, 2)
    await link_all(resources)
    with pytest.raises(asyncpg.RaiseError):
        await owner.execute("UPDATE access_log SET hash = decode('00', 'hex')")


async def test_a_crash_before_the_heads_were_kept_breaks_nothing(
    resources: Resources, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(owner, 4)
    await link_all(resources)

    async def fail(*_: object) -> None:
        raise HeadsUnreachable

    await write(owner, 4)
    with monkeypatch.context() as patch, pytest.raises(HeadsUnreachable):
        patch.setattr("app.worker.chain_access_log.keep_heads", fail)
        await JOB.run(resources)
    assert (await check(resources)).beyond == 4
    await link_all(resources)
    assert await check(resources) == Checked(chains=2, rows=8, beyond=0, breaks=())


async def test_a_volume_that_cannot_be_written_is_no_fault_of_the_database(
    resources: Resources, owner: asyncpg.Connection
) -> None:
    await write(owner, 2)
    resources.settings.trust_folder.write_text("a file where the folder should be")
    with pytest.raises(HeadsUnreachable):
        await JOB.run(resources)
    resources.settings.trust_folder.unlink()
    assert await owner.fetchval("SELECT count(*) FROM access_log WHERE number IS NOT NULL") == 0
