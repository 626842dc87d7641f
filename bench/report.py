"""docs/benchmarks.md from one run: each figure with its goal, its command, and why it is missed."""

import os
import platform
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Final

from bench import decide, lists, referrals, start
from bench.stage import ROOT

PAGE: Final = ROOT / "docs" / "benchmarks.md"
CAUSES: Final = Path(__file__).with_name("causes.toml")
UNKNOWN: Final = "the cause is not known yet."

_HEAD: Final = """\
# Benchmarks

<!-- Written by `make bench`; change bench/causes.toml, not this page. -->

Measured on {on}: {cores} cores, Python {python}, PostgreSQL {postgres} with `fsync` and
`synchronous_commit` on. Load, server and database share the cores of one machine. What is compared is
measured in turn within one run, and each figure is a median of at least five rounds. Machines drift and
other work disturbs: read ratios rather than rates, and take a ratio under 1.25 for a tie.
"""

_REFERRALS: Final = """\
`{command} referrals`: `POST /v1/referrals` over {connections} kept-open connections with the API keys of
eight schools, five seconds a round. The three servers take the same request and store the same rows in the
same migrated database. After every round the rows in six tables equal the answers given, and no answer is
an error.

- **floor**: a bare ASGI app that looks at nothing and stores the rows in one raw statement.
- **ours**: `verwijsroute serve` with everything on.
- **template**: FastAPI, an async ORM session per request, `response_model`, one `BaseHTTPMiddleware`; it
  decides with one `if` and encrypts nothing.
"""

_LISTS: Final = """\
`{command} lists`: pages of {page} at 50,000 and at 2,000,000 handovers, stored with their referrals by SQL in
two databases of one server. Asked are the functions of the service that the API calls: what the framework
adds is the same for every list and would hide a difference. The lists are those of the largest school and the
largest municipality, which have an eighth and a sixteenth of all: three years, of which the last months are
still open. Each filter is measured with a value that many have and with one that few have, all filters
together, and two values that nobody has together; the first page, and the {deep:,}th or the last {page} of a
shorter list. The ratio is told where both sizes show as much. Rows read are those that the scans of the plan
touched (`EXPLAIN (ANALYZE, BUFFERS)`), blocks all of 8 kB that were looked at, both at 2,000,000. All is in
memory. Below are the pages with the highest ratios; the command prints every one.
"""

_DECIDING: Final = """\
`{command} decide`: one core, warm, by processor time. A lookup gives the winning rule with its trace. GoRules
ZEN (`zen-engine`) and our table have the same rules, those of the main limb; the engine's are made from ours,
and it is called in its quickest form with its trace on. On {samples} inputs both name the same rule before
anything is timed. "Whole" is our table as decisions ask it, with all limbs and warnings. Ours keeps each
answer that it has worked out, for the combinations of readings are finite; "first asked" is the whole table
without that.
"""


@dataclass(frozen=True, slots=True)
class Goal:
    """One promise of this project's quality goals: what was measured beside it, and whether it is kept."""

    name: str
    wanted: str
    measured: str
    kept: bool

    def line(self, command: str, causes: dict[str, str]) -> str:
        """The goal as a row of the table; one that is missed says why, as far as that is known."""
        remark = "kept" if self.kept else f"**missed**: {causes.get(self.name, UNKNOWN)}"
        return f"| {self.name} | {self.wanted} | {self.measured} | `{command}` | {remark} |"


@dataclass(frozen=True, slots=True)
class Run:
    """All that one run measured."""

    referrals: referrals.Results
    lists: list[lists.Listed]
    lookups: list[decide.Lookups]
    routes: decide.Routes
    starts: start.Starts


def page(run: Run, on: date, causes: dict[str, str]) -> str:
    """The whole page in Markdown."""
    head = _HEAD.format(
        on=on.isoformat(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        postgres=run.referrals.postgres,
    )
    goals = ["| Figure | Goal | Measured | Command | |", "|---|---|---|---|---|"]
    goals += [goal.line(command, causes) for command, goal in _goals(run)]
    parts = [
        head,
        "## Goals\n",
        "\n".join(goals) + "\n",
        "## Placing a referral\n",
        _REFERRALS.format(command=_command(""), connections=32),
        "\n".join(referral_lines(run.referrals)) + "\n",
        "## Lists\n",
        _LISTS.format(command=_command(""), page=lists.PAGE, deep=lists.DEEP_PAGE),
        "\n".join(listed_lines(run.lists, at_most=5)) + "\n",
        "## Deciding\n",
        _DECIDING.format(command=_command(""), samples=decide.SAMPLES),
        "\n".join(decide_lines(run.lookups, run.routes)) + "\n",
        "## Starting\n",
        f"`{_command('start')}`: from the start of the process to the first answer of `/healthz/ready`.\n",
        "\n".join(start_lines(run.starts)) + "\n",
    ]
    return "\n".join(parts)


def read_causes() -> dict[str, str]:
    """Why a goal is missed, by the goal's name, written by hand."""
    causes: dict[str, str] = tomllib.loads(CAUSES.read_text("utf-8"))
    return causes


def _command(part: str) -> str:
    return f"python -m bench {part}".strip()


def _goals(run: Run) -> Iterator[tuple[str, Goal]]:
    placing, deciding, starting = _command("referrals"), _command("decide"), _command("start")
    for other, least in (("floor", 0.40), ("template", 4.0)):
        ratio = run.referrals.ratio(other)
        yield placing, Goal(f"ours / {other}", f"≥ {least:.2f}", f"{ratio:.2f}", ratio >= least)
    tail = run.referrals.tail()
    yield placing, Goal("p99 / p50", "≤ 3", f"{tail:.2f}", tail <= 3)
    listing, longest = _command("lists"), max(found.ratio for found in run.lists if found.comparable)
    yield listing, Goal("a page at 2,000,000 / at 50,000", "≤ 1.5", f"{longest:.2f}", longest <= lists.GOAL)
    rows = max(found.reading.rows for found in run.lists)
    whole = sorted({table for found in run.lists for table in found.reading.whole})
    shown = f"{rows:,}" + "".join(f", all of `{table}`" for table in whole)
    kept = rows <= lists.MOST_ROWS and not whole
    yield listing, Goal(f"rows read for a page of {lists.PAGE}", f"≤ {lists.MOST_ROWS:,}", shown, kept)
    slowest = min(lookups.ratio for lookups in run.lookups)
    yield deciding, Goal("lookup / ZEN", "≥ 50", f"{slowest:.0f}", slowest >= 50)
    rate = run.routes.rate
    yield deciding, Goal("route() per second", "≥ 10,000", f"{rate:,.0f}", rate >= 10_000)
    seconds = run.starts.running
    yield starting, Goal("first answer", "≤ 3 s", f"{seconds:.1f} s", seconds <= 3)


def referral_lines(results: referrals.Results) -> Iterator[str]:
    """The table of the three servers."""
    yield "| Server | Requests/s | lowest to highest | p50 | p99 | ours / this |"
    yield "|---|--:|--:|--:|--:|--:|"
    for server in referrals.SERVERS:
        rates = [measured.rate for measured in results.rounds[server]]
        p50, p99 = (results.percentile(server, percent) * 1000 for percent in (50, 99))
        yield (
            f"| {server} | {results.rate(server):,.0f} | {min(rates):,.0f} to {max(rates):,.0f} "
            f"| {p50:.1f} ms | {p99:.1f} ms | {results.ratio(server):.2f} |"
        )


def list_lines(listed: list[lists.Listed]) -> Iterator[str]:
    """The table of lists, a line for each party."""
    yield "| Lists of | Pages | at 50,000 | at 2,000,000 | highest ratio | Rows read | Blocks |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for whose in dict.fromkeys(found.asked.whose for found in listed):
        own = [found for found in listed if found.asked.whose == whose]
        small, large = (_range([time(found) for found in own]) for time in (_SMALL, _LARGE))
        highest = max((found.ratio for found in own if found.comparable), default=0.0)
        rows, blocks = (max(count(found.reading) for found in own) for count in (_ROWS, _BLOCKS))
        yield f"| {whose} | {len(own)} | {small} | {large} | {highest:.2f} | {rows:,} | {blocks:,} |"


_SMALL, _LARGE, _ROWS, _BLOCKS = map(attrgetter, ("small", "large", "rows", "buffers"))


def _range(seconds: list[float]) -> str:
    return f"{min(seconds) * 1000:.1f} to {max(seconds) * 1000:.1f} ms"


def listed_lines(listed: list[lists.Listed], at_most: int | None = None) -> Iterator[str]:
    """The table of lists, then the pages that were measured, or some of them, the highest ratio first."""
    yield from list_lines(listed)
    yield ""
    yield "| Lists of | Filters | Page | at 50,000 | at 2,000,000 | Ratio | Shown | Rows read | Blocks |"
    yield "|---|---|---|--:|--:|--:|--:|--:|--:|"
    for found in sorted(listed, key=lambda found: (not found.comparable, -found.ratio))[:at_most]:
        filters = ", ".join(f"{name} {value}" for name, value in found.asked.filters.items())
        small, large, read = found.small * 1000, found.large * 1000, found.reading
        yield (
            f"| {found.asked.whose} | {filters} | {found.page} | {small:.1f} ms | {large:.1f} ms "
            f"| {found.ratio:.2f} | {found.shown[0]}, {found.shown[1]} | {read.rows:,} | {read.buffers:,} |"
        )


def decide_lines(lookups: list[decide.Lookups], routes: decide.Routes) -> Iterator[str]:
    """The table of lookups, and the line on route()."""
    yield "| Table | Rules | Ours/s | Whole/s | First asked/s | ZEN/s | ours / ZEN |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for row in lookups:
        yield (
            f"| `{row.domain}` | {row.rules} | {row.ours:,.0f} | {row.whole:,.0f} | {row.first_asked:,.0f} "
            f"| {row.zen:,.0f} | {row.ratio:.0f} |"
        )
    yield ""
    yield (
        f"`route()` with {routes.domains} problem domains ({routes.routes} routes), Dutch and English "
        f"explanation and `nextChange`: {routes.rate:,.0f} decisions/s."
    )


def start_lines(starts: start.Starts) -> Iterator[str]:
    """The two ways to start."""
    yield "| Database | Seconds |"
    yield "|---|--:|"
    yield f"| runs already | {starts.running:.1f} |"
    yield f"| embedded, started by the same command | {starts.embedded:.1f} |"
