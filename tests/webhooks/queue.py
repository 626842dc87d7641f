"""Deliveries of one subscription in memory, by the steps of the service; and with each planted fault."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from app.services.delivery_steps import ATTEMPTS, Step, claimed, lost, settled


@dataclass
class Entry:
    """One delivery: its stream, its place in it, and its step."""

    id: int
    stream: int
    step: Step


@dataclass(frozen=True)
class Claimed:
    """One attempt that may be made now."""

    id: int
    step: Step
    handle: object = None


class Queue(Protocol):
    """What the worker does with deliveries; `entries` are all, in their order."""

    def add(self, stream: int, now: datetime) -> int: ...

    def claim(self, now: datetime) -> list[Claimed]: ...

    def record(self, claim: Claimed, status: int | None, wait: timedelta | None, now: datetime) -> None: ...

    def entries(self) -> list[Entry]: ...


class InMemory:
    """As the service does it."""

    def __init__(self) -> None:
        self._all: list[Entry] = []

    def add(self, stream: int, now: datetime) -> int:
        busy = any(entry.stream == stream and self._open(entry) for entry in self._all)
        step = Step("pending", 0, None if busy else now)
        self._all.append(Entry(len(self._all), stream, step))
        return self._all[-1].id

    def claim(self, now: datetime) -> list[Claimed]:
        claims = []
        for entry in self._all:
            at = entry.step.next_attempt_at
            if entry.step.status != "pending" or at is None or at > now:
                continue
            ended = self._ended(entry.step, now)
            entry.step = ended or self._claimed(entry.step, now)
            if not ended:
                claims.append(Claimed(entry.id, entry.step))
        return claims

    def record(self, claim: Claimed, status: int | None, wait: timedelta | None, now: datetime) -> None:
        entry = self._all[claim.id]
        if entry.step.attempts != claim.step.attempts or entry.step.status != "pending":
            return
        entry.step = self._settled(claim.step, status, wait, now)
        if entry.step.status == "delivered":
            self._make_next_due(entry.stream, now)

    def entries(self) -> list[Entry]:
        return self._all

    def _open(self, entry: Entry) -> bool:
        return entry.step.status in ("pending", "failed")

    def _make_next_due(self, stream: int, now: datetime) -> None:
        following = (entry for entry in self._all if entry.stream == stream and self._open(entry))
        first = next(following, None)
        if first and first.step.status == "pending" and first.step.next_attempt_at is None:
            first.step = replace(first.step, next_attempt_at=now)

    def _ended(self, step: Step, now: datetime) -> Step | None:
        return lost(step, now)

    def _claimed(self, step: Step, now: datetime) -> Step:
        return claimed(step, now)

    def _settled(self, step: Step, status: int | None, wait: timedelta | None, now: datetime) -> Step:
        return settled(step, status, wait, now, lambda: 0.5)


class MarksBeforeSending(InMemory):
    """Planted: what is claimed counts as delivered already."""

    def claim(self, now: datetime) -> list[Claimed]:
        claims = super().claim(now)
        for claim in claims:
            self.record(claim, 204, None, now)
        return claims


class PassesTheWaitingHead(InMemory):
    """Planted: the next of a stream does not wait for the one before it."""

    def add(self, stream: int, now: datetime) -> int:
        id = super().add(stream, now)
        self._all[id].step = replace(self._all[id].step, next_attempt_at=now)
        return id


class BuriesInSilence(InMemory):
    """Planted: what failed for the last time is put aside as if it were done."""

    def _settled(self, step: Step, status: int | None, wait: timedelta | None, now: datetime) -> Step:
        after = super()._settled(step, status, wait, now)
        return replace(after, status="delivered") if after.status == "failed" else after


class NeverStops(InMemory):
    """Planted: tries again for ever."""

    def _ended(self, _step: Step, _now: datetime) -> Step | None:
        return None

    def _settled(self, step: Step, status: int | None, wait: timedelta | None, now: datetime) -> Step:
        after = super()._settled(replace(step, attempts=min(step.attempts, ATTEMPTS - 1)), status, wait, now)
        return replace(after, attempts=step.attempts)


class IgnoresRetryAfter(InMemory):
    """Planted: comes back when it likes."""

    def _settled(self, step: Step, status: int | None, wait: timedelta | None, now: datetime) -> Step:  # noqa: ARG002
        return super()._settled(step, status, None, now)


class ForgetsTheLease(InMemory):
    """Planted: a claim that nobody ended stays somebody's for ever."""

    def _claimed(self, step: Step, now: datetime) -> Step:
        return replace(super()._claimed(step, now), next_attempt_at=None)
