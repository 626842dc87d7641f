"""What database, feed and receiver hold, against what clients were told and against one another."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

import asyncpg

from tests.faults.caseload import STEPS, Caseload, Json
from tests.faults.receiver import Arrival
from tests.faults.verdict import verdict

# Everything that one organisation is told about referrals, in the order of the numbers.
OF_ORGANISATION = """
SELECT e.id::text, e.number, e.referral_id::text AS referral FROM event AS e
 WHERE e.referral_id IS NOT NULL
   AND $1::uuid IN (e.organisation_id, e.receiver_organisation_id, e.desk_organisation_id)
 ORDER BY e.number
"""
TAKEN = "SELECT handover_id::text, split_part(type, '.', 2) AS status FROM event WHERE type = ANY ($1)"
ATTEMPTS = "SELECT event_id::text AS id, attempts FROM webhook_delivery WHERE subscription_id = $1"
STATUSES = "SELECT id::text, status FROM handover"
STILL_OPEN = """
SELECT (SELECT count(*) FROM event WHERE number IS NULL)
     + (SELECT count(*) FROM webhook_delivery WHERE status = 'pending' AND subscription_id = ANY ($1))
"""
AT_RECEIVER = ("missing", "invented", "badly_signed", "disordered", "unrecorded", "redelivered")


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription of an organisation, and the path of the receiver that it names."""

    path: str
    id: str
    organisation_id: str


@dataclass(frozen=True, slots=True)
class Told:
    """Broken promises, each counted; `redelivered` alone is none."""

    lost: int
    doubled: int
    torn: int
    missing: int
    invented: int
    badly_signed: int
    disordered: int
    unrecorded: int
    unequal: int
    missed_in_feed: int
    disordered_in_feed: int
    doubled_in_feed: int
    redelivered: int

    def faults(self) -> dict[str, int]:
        """What is not nought and should be."""
        return {name: count for name, count in asdict(self).items() if count and name != "redelivered"}

    def in_words(self) -> str:
        """The counts."""
        return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in asdict(self).items())


async def told(
    owner: asyncpg.Connection,
    load: Caseload,
    feed: Sequence[Json],
    arrivals: Sequence[Arrival],
    subscribed: Sequence[Subscribed],
) -> Told:
    """Compares; clients have finished, and what is open has been sent or will not be.

    `feed` is what the first that subscribed read.
    """
    found = await verdict(owner, load.referrals)
    types = [f"handover.{status}" for status in ("acknowledged", *STEPS)]
    taken = Counter((row["handover_id"], row["status"]) for row in await owner.fetch(TAKEN, types))
    acknowledged = load.events()
    at = [await _at(owner, one, [a for a in arrivals if a.to == one.path]) for one in subscribed]
    wanted = [row["id"] for row in await owner.fetch(OF_ORGANISATION, subscribed[0].organisation_id)]
    read = [item["id"] for item in feed if item["referralId"]]
    return Told(
        lost=found.lost + (acknowledged - taken).total(),
        doubled=found.doubled + (taken - acknowledged).total(),
        torn=found.torn,
        unequal=await _unequal(owner, [a for a in arrivals if a.to == subscribed[0].path]),
        missed_in_feed=len(set(wanted) - set(read)),
        disordered_in_feed=sum(one > next for one, next in pairwise(map(_place_in(wanted), read))),
        doubled_in_feed=len(read) - len(set(read)),
        **{name: sum(counts[name] for counts in at) for name in AT_RECEIVER},
    )


async def _at(owner: asyncpg.Connection, one: Subscribed, arrivals: Sequence[Arrival]) -> Counter[str]:
    """The counts of what one subscription was told."""
    about = [arrival for arrival in arrivals if arrival.referral]
    wanted = {row["id"] for row in await owner.fetch(OF_ORGANISATION, one.organisation_id)}
    attempts = {row["id"]: row["attempts"] for row in await owner.fetch(ATTEMPTS, one.id)}
    times = Counter(arrival.id for arrival in about)
    return Counter(
        missing=len(wanted - times.keys()),
        invented=len(times.keys() - wanted),
        badly_signed=sum(not arrival.valid for arrival in arrivals),
        disordered=_disordered(about),
        unrecorded=sum(times[id] > attempts.get(id, 0) for id in times),
        redelivered=times.total() - len(times),
    )


def _disordered(arrivals: Iterable[Arrival]) -> int:
    """Referrals of which something came for the first time after what happened later."""
    streams: dict[str | None, dict[str, int]] = defaultdict(dict)
    for arrival in arrivals:
        streams[arrival.referral].setdefault(arrival.id, arrival.sequence)
    return sum(list(stream.values()) != sorted(stream.values()) for stream in streams.values())


async def _unequal(owner: asyncpg.Connection, arrivals: Iterable[Arrival]) -> int:
    """Handovers whose last status, as the receiver knows it, is not that of the database."""
    last: dict[str, tuple[int, str]] = {}
    for arrival in arrivals:
        status = arrival.type.removeprefix("handover.")
        if arrival.handover and arrival.type not in ("handover.flagged", "referral.decided"):
            last[arrival.handover] = max(last.get(arrival.handover, (0, "")), (arrival.sequence, status))
    rows = await owner.fetch(STATUSES)
    return sum(last.get(row["id"], (0, "never told"))[1] != row["status"] for row in rows)


def _place_in(order: Sequence[str]) -> Callable[[str], int]:
    places = {id: place for place, id in enumerate(order)}
    return lambda event: places.get(event, -1)
