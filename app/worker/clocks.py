"""Runs the clocks of handovers: overdue, escalated, unanswered questions, and days to look again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import Unavailable
from app.resources import Resources
from app.services.deciding import Deciding
from app.services.lifecycle.ticking import LOOKED_AT_ONCE, begin_tick, due_handovers, run_down
from app.services.reassessing import must_look, reassess
from app.worker.job import Job


async def _run(resources: Resources) -> int:
    """Each referral is a transaction of its own; one that cannot be read keeps none of the others waiting.

    Whatever goes wrong with it is raised once the others have been done.
    """
    done, failures = 0, []
    async for referral_id in _due(resources):
        tending = asyncio.create_task(_tend(resources, referral_id))
        await asyncio.wait([tending])
        failure = tending.exception()
        if isinstance(failure, Unavailable):
            raise failure
        if failure is not None:
            failures.append(failure)
        else:
            done += tending.result()
        if done >= LOOKED_AT_ONCE:
            break
    if failures and not done:
        raise failures[0]
    return done


async def _due(resources: Resources) -> AsyncIterator[UUID]:
    """The referrals that a clock concerns today, each at least once."""
    after: tuple[date, UUID] | None = None
    while True:
        async with resources.database.transaction() as connection:
            rows = await due_handovers(connection, resources.clock.today(), after)
        for referral_id in dict.fromkeys(row["referral_id"] for row in rows):
            yield referral_id
        if len(rows) < LOOKED_AT_ONCE:
            return
        after = (rows[-1]["clock_on"], rows[-1]["id"])


async def _tend(resources: Resources, referral_id: UUID) -> bool:
    """Whether anything was done. The terms first, on their own: what is sealed is not needed for them."""
    done = False
    async with resources.database.transaction() as connection:
        storing = await begin_tick(connection, referral_id, await _deciding(resources, connection))
        if storing is None:
            return False
        done = await run_down(storing)
        await storing.close()
        looking = must_look(storing)
    if looking:
        done |= await _look(resources, referral_id)
    return done


async def _look(resources: Resources, referral_id: UUID) -> bool:
    async with resources.database.transaction() as connection:
        deciding = await _deciding(resources, connection)
        storing = await begin_tick(connection, referral_id, deciding)
        if storing is None or not must_look(storing):
            return False
        await reassess(storing, deciding)
        await storing.close()
    return True


async def _deciding(resources: Resources, connection: AsyncConnection) -> Deciding:
    return resources.deciding(await resources.newest_edition(connection))


JOB: Final = Job("run_clocks", timedelta(minutes=1), _run, full=LOOKED_AT_ONCE)
