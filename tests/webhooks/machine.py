"""Drives deliveries under a virtual clock through whatever may happen, and watches what is promised (G12)."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.services.delivery_steps import ATTEMPTS, LONGEST_RETRY_AFTER, WAITS
from tests.webhooks.queue import Claimed, Queue
from tests.webhooks.stage import START

STREAMS = 3
# What happens to an attempt: whether it arrives, what is answered (None: nothing), whether it is recorded.
FATES = {
    "accepted": (True, 204, True),
    "refused before it was read": (False, 503, True),
    "refused": (True, 500, True),
    "never arrived": (False, None, True),
    "received but timed out": (True, None, True),
    "killed before sending": (False, None, False),
    "killed after sending": (True, 204, False),
}
LONG = timedelta(days=3)


class Machine(RuleBasedStateMachine):
    """A worker, a receiver that keeps its own list, and a clock that only the rules move."""

    steps = 0

    def __init__(self, queue: Queue) -> None:
        super().__init__()
        self.queue = queue
        self.now: datetime = START
        self.stream_of: dict[int, int] = {}
        self.received: list[int] = []
        self.attempts: Counter[int] = Counter()
        self.not_before: dict[int, datetime] = {}

    @rule(stream=st.integers(0, STREAMS - 1))
    def happens(self, stream: int) -> None:
        self.stream_of[self.queue.add(stream, self.now)] = stream

    @rule(fates=st.lists(st.sampled_from(sorted(FATES)), min_size=STREAMS, max_size=STREAMS))
    def works(self, fates: list[str]) -> None:
        for claim, fate in zip(self.queue.claim(self.now), fates, strict=False):
            self.meets(claim, *FATES[fate])

    @rule(wait=st.sampled_from([timedelta(minutes=1), timedelta(hours=7), timedelta(days=9)]))
    def is_asked_to_wait(self, wait: timedelta) -> None:
        for claim in self.queue.claim(self.now):
            self.meets(claim, False, 429, True, wait)
            if claim.step.attempts < ATTEMPTS:
                self.not_before[claim.id] = self.now + min(wait, LONGEST_RETRY_AFTER)

    @rule(rounds=st.integers(2, ATTEMPTS + 2), fate=st.sampled_from(sorted(FATES)))
    def goes_on_for_days(self, rounds: int, fate: str) -> None:
        for _ in range(rounds):
            for claim in self.queue.claim(self.now):
                self.meets(claim, *FATES[fate])
            self.now += LONG

    @rule(by=st.sampled_from([timedelta(seconds=6), timedelta(seconds=61), *WAITS[2:6], timedelta(days=1.3)]))
    def time_passes(self, by: timedelta) -> None:
        self.now += by

    def meets(
        self, claim: Claimed, arrives: bool, status: int | None, recorded: bool, wait: timedelta | None = None
    ) -> None:
        self.attempts[claim.id] += 1
        assert self.now >= self.not_before.get(claim.id, START), "sooner than the receiver asked"
        if arrives:
            self.received.append(claim.id)
        if recorded:
            self.queue.record(claim, status, wait, self.now)

    @invariant()
    def nothing_is_lost(self) -> None:
        Machine.steps += 1
        for entry in self.queue.entries():
            if entry.step.status == "delivered":
                assert entry.id in self.received, "called delivered, and nobody got it"
        assert len(self.queue.entries()) == len(self.stream_of)

    @invariant()
    def each_stream_keeps_its_order(self) -> None:
        for stream in range(STREAMS):
            first = [id for id in dict.fromkeys(self.received) if self.stream_of[id] == stream]
            assert first == sorted(first), "a later one arrived first"

    @invariant()
    def nothing_overtakes_what_is_open(self) -> None:
        waiting: set[int] = set()
        for entry in self.queue.entries():
            assert entry.stream not in waiting or not self.attempts[entry.id], "tried before its turn"
            if entry.step.status in ("pending", "failed"):
                waiting.add(entry.stream)

    @invariant()
    def nobody_is_asked_without_end(self) -> None:
        assert all(count <= ATTEMPTS for count in self.attempts.values()), "more attempts than promised"

    def teardown(self) -> None:
        """The receiver is well again: all arrives but what has visibly failed, and what waits behind it."""
        for _ in range(len(self.stream_of) * 2 + ATTEMPTS):
            self.now += LONG
            for claim in self.queue.claim(self.now):
                self.meets(claim, True, 204, True)
        ended = ("delivered", "failed")
        stuck = {entry.stream for entry in self.queue.entries() if entry.step.status == "failed"}
        for entry in self.queue.entries():
            assert entry.step.status in ended or entry.stream in stuck, "never came to an end"
        self.nothing_is_lost()


def machine_over(make: Callable[[], Queue]) -> type[Machine]:
    """The machine over a new queue each time."""

    class Over(Machine):
        def __init__(self) -> None:
            super().__init__(make())

    return Over
