"""Faults of numbering and delivery, and a clock in a hurry, as they are planted in a worker.

`python -m tests.faults.planted_delivery FAULTS ...` is a worker with them. A test that such a worker passes
proves nothing. Here alone, never in the program itself.
"""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, Final

from app.adapters.outgoing import Answer, Outgoing
from app.resources import Resources
from app.services import deliveries, delivery_steps, sending
from app.services.delivery_steps import Step
from app.services.messages import message_of
from app.worker import JOBS, process, send_deliveries
from app.worker.job import Job

HURRY: Final = 1000
LEASE: Final = timedelta(seconds=3)
LATE_SECONDS: Final = 0.5


def put(module: ModuleType, name: str, value: object) -> None:
    """Lets a module use something else under a name of its own; what has no such name is no fault of it."""
    assert hasattr(module, name)
    setattr(module, name, value)


def hurried() -> None:
    """No fault: waits a thousandth as long between attempts, and three seconds for a claim."""
    put(delivery_steps, "WAITS", tuple(wait / HURRY for wait in delivery_steps.WAITS))
    put(delivery_steps, "LEASE", LEASE)


def marked_before_sent() -> None:
    """What is claimed counts as delivered in the same transaction, and is sent a moment later."""
    claim_due = sending.claim_due

    async def claim_and_mark(connection: Any, now: datetime, at_most: int) -> list[sending.Claim]:
        claims = await claim_due(connection, now, at_most)
        for claim in claims:
            await sending.record(connection, claim, _delivered(claim.step), now)
        return claims

    put(send_deliveries, "claim_due", claim_and_mark)
    _send_late()


def sent_before_claimed() -> None:
    """What is due is sent before the claim is committed."""
    job = Job("send_deliveries", timedelta(seconds=0.5), _send_before_claiming)
    put(process, "JOBS", tuple(job if one.name == job.name else one for one in JOBS))


def heads_passed() -> None:
    """Nothing waits for the one before it in its stream."""
    plan = deliveries.PLAN.replace("CASE WHEN p.place = 1 AND NOT EXISTS (", "CASE WHEN true OR EXISTS (")
    assert plan != deliveries.PLAN
    put(deliveries, "PLAN", plan)


def left_in_the_middle() -> None:
    """A worker that is told to stop does not wait for what is under way."""
    put(process, "JOBS", tuple(replace(job, finish=None) for job in JOBS))


def buried_in_silence() -> None:
    """What was not taken, or by nobody knows whom, counts as delivered."""
    settled, lost = delivery_steps.settled, delivery_steps.lost

    def bury(step: Step, *arguments: Any) -> Step:
        return _delivered(settled(step, *arguments))

    def forget(step: Step, now: datetime) -> Step | None:
        return lost(step, now) or (_delivered(step) if step.attempts else None)

    put(send_deliveries, "settled", bury)
    put(sending, "lost", forget)


async def _send_before_claiming(resources: Resources) -> int:
    now, outgoing = resources.clock.now(), Outgoing(allow_loopback=True)
    async with resources.database.transaction() as connection:
        claims = await sending.claim_due(connection, now, send_deliveries.AT_ONCE)
        for claim in claims:
            message = message_of(claim, resources.keyring, resources.settings.webhook_source, now)
            await outgoing.post(message.url, message.headers, message.body)
    async with resources.database.transaction() as connection:
        for claim in claims:
            await sending.record(connection, claim, _delivered(claim.step), now)
    return len(claims)


def _delivered(step: Step) -> Step:
    return Step("delivered", step.attempts, None, "accepted")


def _send_late() -> None:
    post = Outgoing.post

    async def late(self: Outgoing, *arguments: Any) -> Answer:
        await asyncio.sleep(LATE_SECONDS)
        return await post(self, *arguments)

    Outgoing.post = late  # type: ignore[method-assign, assignment]


FAULTS: Final[dict[str, Callable[[], None]]] = {
    fault.__name__: fault
    for fault in (
        left_in_the_middle,
        hurried,
        marked_before_sent,
        sent_before_claimed,
        heads_passed,
        buried_in_silence,
    )
}

if __name__ == "__main__":
    for name in sys.argv.pop(1).split(","):
        if name in FAULTS:
            FAULTS[name]()
    process.run(sys.argv[1:])
