"""How much one client may ask: a quota of requests in a window, as a bucket that fills evenly."""

import math
from dataclasses import dataclass

POLICY = "default"


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in a window of so many seconds; 0 requests is no limit."""

    requests: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a client has left of its quota after this request.

    `full_in` and `wait` are seconds: until all of the quota is there again, and until the next request may
    be made; `wait` is 0 where this one may.
    """

    quota: Quota
    remaining: int
    full_in: int
    wait: int = 0


def allowance_of(quota: Quota, backlog: float, *, taken: bool) -> Allowance:
    """The allowance at a backlog: the seconds that the bucket needs to be full again."""
    each = quota.seconds / quota.requests
    room = (quota.seconds - backlog) / each
    if taken:
        return Allowance(quota, max(0, math.floor(room + 1e-6)), max(0, math.ceil(backlog)))
    return Allowance(quota, 0, math.ceil(backlog), max(1, math.ceil(backlog + each - quota.seconds)))
