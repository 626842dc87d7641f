"""What a job is: a name, an interval, and what is done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from app.resources import Resources


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is done over and over, by every worker at the same time.

    `run` does a bounded part in transactions of its own, takes care itself that several at once are safe
    (a lock, SKIP LOCKED), and returns how much it did; it is called again at once until that is less than
    `full`, and then after `every`. `finish`, where there is one, waits for what `run` has left under way.
    """

    name: str
    every: timedelta
    run: Callable[[Resources], Awaitable[int]]
    full: int = 1
    finish: Callable[[], Awaitable[None]] | None = None
