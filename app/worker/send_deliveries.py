"""Sends what is due to subscriptions, several at a time, with no connection to the database meanwhile."""

import asyncio
import random
from datetime import timedelta
from typing import Final

import structlog

from app.adapters.outgoing import Outgoing
from app.config import Settings
from app.resources import Resources
from app.services.delivery_steps import settled, wait_asked_for
from app.services.messages import message_of
from app.services.sending import Claim, claim_due, record
from app.worker.job import Job

AT_ONCE: Final = 16
_LOOK_AGAIN: Final = 0.5  # seconds, while something is under way

_log = structlog.get_logger()


class Sending:
    """What this worker has under way. One that is slow keeps its own place and no other's."""

    def __init__(self, outgoing: Outgoing | None = None) -> None:
        self._outgoing = outgoing
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, resources: Resources) -> int:
        """Begins what is due as far as there is room; returns how many began or ended."""
        claims: list[Claim] = []
        if room := AT_ONCE - len(self._under_way):
            async with resources.database.transaction() as connection:
                claims = await claim_due(connection, resources.clock.now(), room)
        outgoing = self._outgoing = self._outgoing or _outgoing(resources.settings)
        # From here on the claims are committed: what is sent stands on record.
        self._under_way |= {asyncio.create_task(_attempt(resources, outgoing, claim)) for claim in claims}
        return len(claims) + await self._reap(_LOOK_AGAIN)

    async def finish(self) -> None:
        """Waits for what is under way: each attempt has its own bound."""
        while self._under_way:
            await self._reap(None)

    async def _reap(self, seconds: float | None) -> int:
        """Takes out what has ended, and raises what went wrong with it. Returns how many."""
        if not self._under_way:
            return 0
        ended, self._under_way = await asyncio.wait(
            self._under_way, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        errors = [error for task in ended if (error := task.exception())]
        if errors:
            raise errors[0]
        return len(ended)


async def _attempt(resources: Resources, outgoing: Outgoing, claim: Claim) -> None:
    """Makes one attempt and records what came of it; where that fails it is made again after its lease."""
    settings, clock = resources.settings, resources.clock
    message = message_of(claim, resources.keyring, settings.webhook_source, clock.now())
    answer = await outgoing.post(message.url, message.headers, message.body)
    now = clock.now()
    after = settled(
        claim.step, answer.status, wait_asked_for(answer.retry_after, now), now, random.SystemRandom().random
    )
    async with resources.database.transaction() as connection:
        await record(connection, claim, after, now)
    if after.status != "delivered":
        _log.warning(
            "delivery_not_made",
            subscription_id=str(claim.subscription_id),
            event_id=str(claim.event_id),
            attempt=claim.attempt,
            kind=answer.failure or after.told,
            outcome=after.status,
        )


def _outgoing(settings: Settings) -> Outgoing:
    return Outgoing(
        allow_loopback=settings.webhook_allow_loopback, deadline=settings.webhook_deadline_seconds
    )


def sending_job() -> Job:
    """The job, with nothing under way."""
    sending = Sending()
    return Job("send_deliveries", timedelta(seconds=0.5), sending.run, finish=sending.finish)


JOB: Final = sending_job()
