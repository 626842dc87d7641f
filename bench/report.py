"""What each part of the bench says on the page: how it was measured, its tables, its goals."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, Final

from bench import audit, decide, imports_report, lists, referrals, start
from bench.load import CONNECTIONS
from bench.page import Goal, Section

_STARTING: Final = """\
`python -m bench start`: from the start of the process to the first answer of `/healthz/ready`.
"""

_AUDIT: Final = """\
`python -m bench audit`: the access log of {organisations} organisations, stored by SQL in a database of its
own. Linking gives each record its number and hash, by the transactions of the worker; verifying is what
`verwijsroute audit verify` does once it has started: it reads every record and makes its hash again.
"""

_REFERRALS: Final = """\
`python -m bench referrals`: `POST /v1/referrals` over {connections} kept-open connections with the API keys
of eight schools, five seconds a round. The three servers take the same request and store the same rows in the
same migrated database. After every round the rows in six tables equal the answers given, and no answer is
an error.

- **floor**: a bare ASGI app that looks at nothing and stores the rows in one raw statement.
- **ours**: `verwijsroute serve` with everything on.
- **template**: FastAPI, an async ORM session per request, `response_model`, one `BaseHTTPMiddleware`; it
  decides with one `if` and encrypts nothing.
"""

_LISTS: Final = """\
`python -m bench lists`: pages of {page} at 50,000 and at 2,000,000 handovers, stored with their referrals
by SQL in two databases of one server. Asked are the functions of the service that the API calls: what the
framework adds is the same for every list and would hide a difference. The lists are those of the largest
school and the largest municipality, which have an eighth and a sixteenth of all: three years, of which the
last months are still open. Each filter is measured with a value that many have and with one that few have,
all filters together, and two values that nobody has together; the first page, and the {deep:,}th or the
last {page} of a shorter list. The ratio is told where both sizes show as much. Rows read are those that the
scans of the plan touched (`EXPLAIN (ANALYZE, BUFFERS)`), blocks all of 8 kB that were looked at, both at
2,000,000. All is in memory. Below are the pages with the highest ratios; the command prints every one.
"""

_DECIDING: Final = """\
`python -m bench decide`: one core, warm, by processor time. A lookup gives the winning rule with its trace.
GoRules ZEN (`zen-engine`) and our table have the same rules, those of the main limb; the engine's are made
from ours, and it is called in its quickest form with its trace on. On {samples} inputs both name the same
rule before anything is timed. "Whole" is our table as decisions ask it, with all limbs and warnings. Ours
keeps each answer that it has worked out, for the combinations of readings are finite; "first asked" is the
whole table without that.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A part: title and text, the lines of its tables and those for the page where fewer, its goals."""

    title: str
    about: str
    lines: Callable[[Any], Iterator[str]]
    goals: Callable[[Any], Iterator[Goal]]
    on_page: Callable[[Any], Iterator[str]] | None = None

    def section(self, name: str, results: Any, measured: str, causes: Mapping[str, str]) -> Section:
        """The section of the page; `measured` says when and on what."""
        text = "\n".join([measured, "", self.about, *(self.on_page or self.lines)(results)])
        return Section(self.title, text, tuple(goal.line(name, causes) for goal in self.goals(results)))


def referral_goals(results: referrals.Results) -> Iterator[Goal]:
    """Beside the floor and the template, and the tail."""
    for other, least in (("floor", 0.40), ("template", 4.0)):
        ratio = results.ratio(other)
        yield Goal(f"ours / {other}", f"≥ {least:.2f}", f"{ratio:.2f}", ratio >= least)
    tail = results.tail()
    yield Goal("p99 / p50", "≤ 3", f"{tail:.2f}", tail <= 3)


def list_goals(listed: list[lists.Listed]) -> Iterator[Goal]:
    """The page that grows most, and the one that reads most."""
    longest = max(found.ratio for found in listed if found.comparable)
    yield Goal("a page at 2,000,000 / at 50,000", "≤ 1.5", f"{longest:.2f}", longest <= lists.GOAL)
    rows = max(found.reading.rows for found in listed)
    whole = sorted({table for found in listed for table in found.reading.whole})
    shown = f"{rows:,}" + "".join(f", all of `{table}`" for table in whole)
    kept = rows <= lists.MOST_ROWS and not whole
    yield Goal(f"rows read for a page of {lists.PAGE}", f"≤ {lists.MOST_ROWS:,}", shown, kept)


def decide_goals(results: decide.Results) -> Iterator[Goal]:
    """The table beside the engine, and whole decisions."""
    slowest, rate = min(lookups.ratio for lookups in results.lookups), results.routes.rate
    yield Goal("lookup / ZEN", "≥ 50", f"{slowest:.0f}", slowest >= 50)
    yield Goal("route() per second", "≥ 10,000", f"{rate:,.0f}", rate >= 10_000)


def start_goals(starts: start.Starts) -> Iterator[Goal]:
    """From the start of the process to the first answer."""
    yield Goal("first answer", "≤ 3 s", f"{starts.running:.1f} s", starts.running <= 3)


def audit_goals(audited: audit.Audited) -> Iterator[Goal]:
    """All records of the log compared with its heads."""
    name, kept = f"{audit.RECORDS:,} records verified", audited.verifying <= audit.GOAL_SECONDS
    yield Goal(name, f"≤ {audit.GOAL_SECONDS:.0f} s", f"{audited.verifying:.1f} s", kept)


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


def decide_lines(results: decide.Results) -> Iterator[str]:
    """The table of lookups, and the line on route()."""
    lookups, routes = results.lookups, results.routes
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


def audit_lines(audited: audit.Audited) -> Iterator[str]:
    """Linking and verifying."""
    yield "| Records | Chains | Linking | Verifying |"
    yield "|--:|--:|--:|--:|"
    seconds = f"{audited.linking:.1f} s | {audited.verifying:.2f} s"
    yield f"| {audited.records:,} | {audited.chains} | {seconds} |"


PARTS: Final[Mapping[str, Part]] = {
    "referrals": Part(
        "Placing a referral", _REFERRALS.format(connections=CONNECTIONS), referral_lines, referral_goals
    ),
    "imports": Part("Importing", imports_report.ABOUT, imports_report.lines, imports_report.goals),
    "lists": Part(
        "Lists",
        _LISTS.format(page=lists.PAGE, deep=lists.DEEP_PAGE),
        listed_lines,
        list_goals,
        on_page=partial(listed_lines, at_most=5),
    ),
    "decide": Part("Deciding", _DECIDING.format(samples=decide.SAMPLES), decide_lines, decide_goals),
    "audit": Part(
        "Checking the access log",
        _AUDIT.format(organisations=audit.ORGANISATIONS),
        audit_lines,
        audit_goals,
    ),
    "start": Part("Starting", _STARTING, start_lines, start_goals),
}
