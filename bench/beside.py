"""Single referrals while an import is worked off beside them: their p99 with and without, in turn."""

import io
import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter, sleep
from typing import Any, Final

import uvloop

from bench import cohort
from bench.load import Requests, Round, pace
from bench.servers import SERVE, free_port, serving
from bench.stage import Stage

# Requests per second: a seventh of what `python -m bench referrals` found one server to answer.
RATE: Final = 40.0
ROUNDS: Final = 5
SECONDS: Final = 15.0
# More than is worked off within a round.
ROWS: Final = 50_000
GOAL: Final = 3.0
_WAIT_SECONDS: Final = 120.0


@dataclass(slots=True)
class Beside:
    """The rounds without and with an import, and the rows per second that it went on with meanwhile."""

    alone: list[Round] = field(default_factory=list)
    beside: list[Round] = field(default_factory=list)
    rows: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The p99 with an import over that without, the median of the pairs."""
        pairs = zip(self.alone, self.beside, strict=True)
        return median(beside.percentile(99) / alone.percentile(99) for alone, beside in pairs)

    def percentile(self, rounds: list[Round], percent: int) -> float:
        """A latency in seconds, the median of the rounds."""
        return median(one.percentile(percent) for one in rounds)


def measure(stage: Stage, rounds: int = ROUNDS, seconds: float = SECONDS, rows: int = ROWS) -> Beside:
    """Both in turn, with the worker beside the server in both; raises RuntimeError for an error.

    The import is one of the first school's; the referrals are those of all of them.
    """
    found, requests = Beside(), Requests(stage.keys)
    variables = {"DATABASE_URL": stage.service_url, "DATABASE_OWNER_URL": stage.owner_url}
    port = free_port()
    with serving(SERVE, port, stage.folder / "beside.log", variables):
        _checked(port, requests, seconds / 4)
        for number in range(1, rounds + 1):
            found.alone.append(_checked(port, requests, seconds))
            with _importing(port, stage.keys[0], number, rows) as progress:
                done, started = progress(), perf_counter()
                found.beside.append(_checked(port, requests, seconds))
                found.rows.append((progress() - done) / (perf_counter() - started))
    return found


def _checked(port: int, requests: Requests, seconds: float) -> Round:
    measured = uvloop.run(pace(port, requests, seconds, RATE))
    if measured.errors:
        raise RuntimeError(f"{measured.errors} requests were not answered with 201")
    return measured


@contextmanager
def _importing(port: int, key: str, seed: int, rows: int) -> Iterator[Any]:
    """An import that goes on while the block runs, and is cancelled then; gives how to ask for its rows."""
    file = io.StringIO(newline="")
    cohort.write(rows, seed, file)
    begun = _call(port, key, "POST", "/v1/imports", file.getvalue().encode())
    path = f"/v1/imports/{begun['id']}"

    def done() -> int:
        found = _call(port, key, "GET", path)
        if found["status"] != "processing":
            raise RuntimeError(f"the import is {found['status']}: nothing went on beside the requests")
        return int(found["rows"]["done"])

    _await(lambda: _call(port, key, "GET", path)["rows"]["done"] > 0)
    yield done
    _call(port, key, "DELETE", path)
    _await(lambda: _call(port, key, "GET", path)["status"] == "cancelled")


def _await(holds: Any) -> None:
    until = perf_counter() + _WAIT_SECONDS
    while not holds():
        if perf_counter() > until:
            raise RuntimeError("the import does not go on")
        sleep(0.2)


def _call(port: int, key: str, method: str, path: str, body: bytes | None = None) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        data=body,
        method=method,
        headers={"Authorization": f"Bearer {key}", "Content-Type": "text/csv"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.loads(answer.read() or b"null")
