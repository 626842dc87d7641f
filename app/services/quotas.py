"""How much one client may ask: a quota of requests in a window, as a bucket that fills evenly."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in a window of so many seconds; 0 requests is no limit."""

    requests: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a client has left of its quota after this request.

    `reset` is in seconds: until all of the quota is there again or, where the request was refused, until the
    next may be made.
    """

    quota: Quota
    remaining: int
    reset: int
    refused: bool


def allowance_of(quota: Quota, backlog: float, *, refused: bool) -> Allowance:
    """The allowance at a backlog: the seconds that the bucket needs to be full again."""
    each = quota.seconds / quota.requests
    if refused:
        return Allowance(quota, 0, max(1, math.ceil(backlog + each - quota.seconds)), refused=True)
    # Moments are kept to a microsecond: what is that short of a whole request is one.
    room = (quota.seconds - backlog) / each + 1e-3
    return Allowance(quota, max(0, math.floor(room)), max(0, math.ceil(backlog)), refused=False)
