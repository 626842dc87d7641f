"""The access log is cut at its beginning once its term has ended, and what stays can still be verified."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app.errors import ChainBroken
from app.resources import Resources
from app.services.chain_check import Checked
from app.services.log_cutting import cut_log
from tests.services.tampering import A, change, write
from tests.services.test_chain import UNBOUND, check, link_all, resources

__all__ = ["resources"]

LATER = datetime.now(UTC) + timedelta(days=1)


async def cut(held: Resources, before: datetime = LATER) -> int:
    async with held.database.transaction() as connection:
        return await cut_log(connection, held.settings.trust_folder, held.keyring, before)


async def test_all_but_the_last_row_of_each_chain_goes_and_the_rest_holds(
    resources: Resources, owner: asyncpg.Connection
) -> None:
    await write(owner, 40)
    await link_all(resources)
    assert (await cut(resources), await cut(resources)) == (38, 0)
    assert await check(resources) == Checked(chains=2, rows=2, beyond=0, breaks=())


async def test_a_chain_that_was_cut_goes_on(resources: Resources, owner: asyncpg.Connection) -> None:
    await write(owner, 40)
    await link_all(resources)
    await cut(resources)
    await write(owner, 10)
    await link_all(resources)
    assert await check(resources) == Checked(chains=2, rows=12, beyond=0, breaks=())


async def test_what_is_young_enough_stays(resources: Resources, owner: asyncpg.Connection) -> None:
    await write(owner, 40)
    await link_all(resources)
    assert await cut(resources, datetime(2020, 1, 1, tzinfo=UTC)) == 0


async def test_a_row_that_was_changed_is_not_cut_away(
    resources: Resources, owner: asyncpg.Connection
) -> None:
    await write(owner, 40)
    await link_all(resources)
    await owner.execute(UNBOUND)
    await change(owner)
    assert await cut(resources) == 19, "of the other chain alone"
    with pytest.raises(ChainBroken):
        await cut(resources)
    [found] = (await check(resources)).breaks
    assert (found.organisation_id, found.number) == (A, 5)


async def test_a_crash_between_anchor_and_cut_breaks_nothing(
    resources: Resources, owner: asyncpg.Connection
) -> None:
    await write(owner, 40)
    await link_all(resources)
    with pytest.raises(ZeroDivisionError):
        async with resources.database.transaction() as connection:
            await cut_log(connection, resources.settings.trust_folder, resources.keyring, LATER)
            raise ZeroDivisionError
    assert (await check(resources)).breaks == ()
    assert await cut(resources) == 38
