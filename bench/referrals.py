"""POST /v1/referrals: our service beside the bare floor and the usual template, in rotating rounds."""

import asyncio
import os
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Final

import uvloop

from bench.load import Requests, Round, press
from bench.servers import FLOOR, SERVE, TEMPLATE, free_port, serving
from bench.stage import (
    EXAMPLE_ANSWER,
    Stage,
    body_around_number,
    count_rows,
    server_version,
)

OURS: Final = "ours"
SERVERS: Final = ("floor", OURS, "template")
ROUNDS: Final = 5
ROUND_SECONDS: Final = 5.0
WARM_UP_SECONDS: Final = 2.0


@dataclass(slots=True)
class Results:
    """The rounds of each server, in the order in which they were measured, after the warm-up."""

    postgres: str
    rounds: dict[str, list[Round]] = field(default_factory=lambda: {name: [] for name in SERVERS})

    def rate(self, server: str) -> float:
        """Requests per second, the median of the rounds."""
        return median(measured.rate for measured in self.rounds[server])

    def percentile(self, server: str, percent: int) -> float:
        """A latency in seconds, the median of the rounds."""
        return median(measured.percentile(percent) for measured in self.rounds[server])

    def ratio(self, other: str) -> float:
        """Our rate over another's: the median of the rotations, since both drift with the machine."""
        pairs = zip(self.rounds[OURS], self.rounds[other], strict=True)
        return median(ours.rate / theirs.rate for ours, theirs in pairs)

    def tail(self) -> float:
        """Our p99 over our p50, the median of the rounds."""
        return median(measured.percentile(99) / measured.percentile(50) for measured in self.rounds[OURS])


def measure(
    stage: Stage,
    *,
    rounds: int = ROUNDS,
    seconds: float = ROUND_SECONDS,
    warm_up: float = WARM_UP_SECONDS,
) -> Results:
    """Loads the three servers in turn; raises RuntimeError for an error or a row too few or too many."""
    results = Results(asyncio.run(server_version(stage.service_url)))
    requests = Requests(stage.keys)
    with _three_servers(stage) as (ports, rows_of_one):
        for name in SERVERS:
            _checked_round(stage, ports[name], requests, warm_up, rows_of_one)
        for turn in range(rounds):
            first = turn % len(SERVERS)
            for name in (*SERVERS[first:], *SERVERS[:first]):
                measured = _checked_round(stage, ports[name], requests, seconds, rows_of_one)
                results.rounds[name].append(measured)
    return results


@contextmanager
def _three_servers(stage: Stage) -> Iterator[tuple[Mapping[str, int], Mapping[str, int]]]:
    """All three on their ports, and how many rows one referral gives in each table."""
    ports = {name: free_port() for name in SERVERS}
    with ExitStack() as running:
        running.enter_context(serving(SERVE, ports[OURS], stage.folder / "ours.log"))
        before = asyncio.run(count_rows(stage.owner_url))
        example = stage.folder / "example.json"
        example.write_bytes(_place_one(ports[OURS], stage.keys[0]))
        os.environ[EXAMPLE_ANSWER] = str(example)
        after = asyncio.run(count_rows(stage.owner_url))
        for name, program in (("floor", FLOOR), ("template", TEMPLATE)):
            running.enter_context(serving(program, ports[name], stage.folder / f"{name}.log"))
        yield ports, {table: after[table] - before[table] for table in after}


def _place_one(port: int, key: str) -> bytes:
    """Our answer to the referral that all three servers get."""
    head, tail = body_around_number()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/referrals",
        data=b"%s%012d%s" % (head, 0, tail),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return bytes(answer.read())


def _checked_round(
    stage: Stage, port: int, requests: Requests, seconds: float, rows_of_one: Mapping[str, int]
) -> Round:
    before = asyncio.run(count_rows(stage.owner_url))
    measured = uvloop.run(press(port, requests, seconds))
    after = asyncio.run(count_rows(stage.owner_url))
    demand_all_stored(measured, {table: after[table] - before[table] for table in after}, rows_of_one)
    return measured


def demand_all_stored(measured: Round, stored: Mapping[str, int], rows_of_one: Mapping[str, int]) -> None:
    """Raises RuntimeError where a request failed, or other rows were stored than were acknowledged."""
    if measured.errors:
        raise RuntimeError(f"{measured.errors} requests were not answered with 201")
    acknowledged = {table: rows * measured.acknowledged for table, rows in rows_of_one.items()}
    if stored != acknowledged:
        raise RuntimeError(f"acknowledged {acknowledged}, stored {stored}")
