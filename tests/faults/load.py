"""Load that judges: clients that place referrals until each is acknowledged, and write down what they got."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from bench.stage import REFERRAL
from tests.faults.wire import BROKEN, Answer, Wire

LAST_ANSWER_SECONDS: Final = 60.0
# A client that hears 503 waits; quicker than Retry-After asks, so that the first moment it works is seen.
PAUSE_SECONDS: Final = 0.05


@dataclass(slots=True)
class Ledger:
    """What the clients received. `acknowledged` is reference to id, of answers that came in whole."""

    seed: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    without_retry_after: int = 0
    broken: int = 0
    slowest: float = 0.0
    in_flight: int = 0
    created_at: list[float] = field(default_factory=list)

    def note(self, reference: str, answer: Answer) -> bool:
        """Writes down one answer; whether it acknowledges the referral."""
        self.statuses[answer.status] += 1
        self.slowest = max(self.slowest, answer.seconds)
        if answer.status == 503 and not answer.headers.get("retry-after", "").isdigit():
            self.without_retry_after += 1
        if answer.status not in {200, 201}:
            return False
        self.acknowledged[reference] = answer.json()["id"]
        self.created_at.append(time.monotonic())
        return True

    def first_after(self, moment: float) -> float:
        """Seconds from a moment to the first acknowledgement after it."""
        return min((at for at in self.created_at if at > moment), default=float("inf")) - moment

    def only_unavailable(self) -> bool:
        """Whether every answer that was no success was 503 with Retry-After."""
        return set(self.statuses) <= {200, 201, 503} and not self.without_retry_after

    def in_words(self) -> str:
        """The raw counts."""
        statuses = ", ".join(f"{count:,} x {status}" for status, count in sorted(self.statuses.items()))
        return f"{len(self.acknowledged):,} acknowledged ({statuses}, {self.broken} connections broken)"


def new_seed() -> int:
    """A seed that is printed with the result."""
    return random.SystemRandom().randrange(1_000_000)


def referral(reference: str) -> bytes:
    """CONTRACT 2's own example with this reference."""
    return json.dumps({**REFERRAL, "sourceReference": reference}).encode()


@asynccontextmanager
async def placing(port: int, keys: Sequence[str], seed: int, clients: int = 9) -> AsyncIterator[Ledger]:
    """Clients that place referrals as long as the block lasts, and then finish those in flight."""
    ledger, stopping = Ledger(seed), asyncio.Event()
    tasks = [
        asyncio.create_task(_client(port, keys[number % len(keys)], ledger, f"{seed}-{number}", stopping))
        for number in range(clients)
    ]
    try:
        yield ledger
    finally:
        stopping.set()
        async with asyncio.timeout(LAST_ANSWER_SECONDS):
            await asyncio.gather(*tasks)


async def _client(port: int, key: str, ledger: Ledger, name: str, stopping: asyncio.Event) -> None:
    async with Wire(port, key) as wire:
        number = 0
        while not stopping.is_set():
            number += 1
            await _place(wire, ledger, f"{name}-{number}")


async def _place(wire: Wire, ledger: Ledger, reference: str) -> None:
    await insist(wire, ledger, reference, "/v1/referrals", referral(reference))


async def insist(
    wire: Wire, ledger: Ledger, reference: str, path: str, body: bytes, headers: str = ""
) -> Answer | None:
    """Sends the same bytes with the same key until it is acknowledged; None where it is refused for good."""
    keyed = f"{headers}Idempotency-Key: {reference}\r\n"
    while True:
        ledger.in_flight += 1
        try:
            answer = await wire.post(path, body, keyed)
            if ledger.note(reference, answer):
                return answer
            if 400 <= answer.status < 500:
                return None
        except BROKEN:
            ledger.broken += 1
        finally:
            ledger.in_flight -= 1
        await asyncio.sleep(PAUSE_SECONDS)


async def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Waits for something to become true; whether it did in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.01)
    return True
