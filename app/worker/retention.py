"""Erases and forgets what was kept for its term, class by class; one that fails keeps no other waiting."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from app.resources import Resources
from app.services.retention import AT_ONCE, Keeping, days_now, purge
from app.services.retention_terms import TERMS
from app.worker.job import Job


async def _run(resources: Resources) -> int:
    """A part of each class, in a transaction of its own; what goes wrong is raised in the end."""
    done, failures = 0, []
    for term in TERMS:
        purging = asyncio.create_task(_purge(resources, term.name))
        await asyncio.wait([purging])
        failure = purging.exception()
        if failure is not None:
            failures.append(failure)
        else:
            done += purging.result()
    if failures:
        raise failures[0]
    return done


async def _purge(resources: Resources, name: str) -> int:
    async with resources.database.transaction() as connection:
        done = await purge(connection, _keeping(resources), name)
    if done:
        structlog.get_logger().info("retention", records=name, done=done)
    return done


def _keeping(resources: Resources) -> Keeping:
    settings, clock = resources.settings, resources.clock
    outside = (resources.ledger, settings.trust_folder, resources.keyring)
    return Keeping(days_now(settings.referral_retention_days), *outside, clock.now(), clock.today())


JOB: Final = Job("retention", timedelta(hours=1), _run, full=AT_ONCE)
