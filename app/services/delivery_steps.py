"""What becomes of a delivery, as pure steps: no clock, no chance, no database."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

Status = Literal["pending", "delivered", "failed", "skipped"]
# What came of an attempt. Whatever kept an answer away is one word: a client that could tell a closed port
# from a silent one would see into networks that are not its own.
Told = Literal["accepted", "redirected", "refused", "gone", "no_answer"]
Jitter = Callable[[], float]

# How long to wait before each attempt (Standard Webhooks): three days and a bit in all.
WAITS: Final = (
    timedelta(0), timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
ATTEMPTS: Final = len(WAITS)
# Longer than an attempt may take with all that belongs to it: then the worker that claimed it is gone.
LEASE: Final = timedelta(seconds=60)
LONGEST_RETRY_AFTER: Final = timedelta(hours=24)
# A receiver that comes back is not to get all at the same moment: up to a fifth longer.
_SPREAD: Final = 0.2


@dataclass(frozen=True, slots=True)
class Step:
    """Where a delivery stands: how often it was tried, and when it is tried again; None: not by itself."""

    status: Status
    attempts: int
    next_attempt_at: datetime | None
    told: Told | None = None


def claimed(step: Step, now: datetime) -> Step:
    """The step to write before sending: one attempt more, and nobody else's until the lease ends."""
    return replace(step, attempts=step.attempts + 1, next_attempt_at=now + LEASE)


def settled(
    step: Step, status: int | None, retry_after: timedelta | None, now: datetime, jitter: Jitter
) -> Step:
    """The step after an attempt that was answered with a status, or with none.

    `retry_after` is what the receiver asked for. `jitter` gives a number from 0 to 1.
    """
    told = meaning_of(status)
    if told == "accepted":
        return Step("delivered", step.attempts, None, told)
    if told == "gone" or step.attempts >= ATTEMPTS:
        return Step("failed", step.attempts, None, told)
    wait = WAITS[step.attempts] * (1 + _SPREAD * jitter())
    asked = min(retry_after or timedelta(0), LONGEST_RETRY_AFTER)
    return Step("pending", step.attempts, now + max(wait, asked), told)


def lost(step: Step, now: datetime) -> Step | None:
    """The step of a claim whose lease ended without an answer, if that was the last attempt."""
    over = step.attempts >= ATTEMPTS and step.next_attempt_at is not None and step.next_attempt_at <= now
    return Step("failed", step.attempts, None, "no_answer") if over else None


def meaning_of(status: int | None) -> Told:
    """What a status says; a redirect is not followed, and so is no success."""
    if status is None or status < 200:
        return "no_answer"
    if status == 410:
        return "gone"
    return "accepted" if status < 300 else "redirected" if status < 400 else "refused"


def wait_asked_for(retry_after: str | None, now: datetime) -> timedelta | None:
    """How long Retry-After asks to wait: seconds or a moment (RFC 9110, 10.2.3); None where it is neither."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        # Longer than anybody means is as long as we wait.
        return timedelta(seconds=int(text)) if len(text) < 9 else LONGEST_RETRY_AFTER
    try:
        moment = parsedate_to_datetime(text)
        return max(moment - now, timedelta(0))
    except (TypeError, ValueError, IndexError, OverflowError):  # no date, or one without a zone
        return None
