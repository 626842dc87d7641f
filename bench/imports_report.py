"""What the page says of imports: the yardstick, the memory, and single referrals beside them."""

from collections.abc import Iterator
from statistics import median
from typing import Final

from bench import beside, impact, imports
from bench.beside import Beside
from bench.page import Goal

ABOUT: Final = """\
`python -m bench imports`: `verwijsroute import` of a made-up cohort as a process of its own, from its start
to its end, with the results of each row written to files. Every import goes into a new database. Then all
rows that it wrote are taken out of that database, in the binary form of `COPY`, and copied into another new
one, table by table, with the same indexes, constraints and triggers: by the owner, whom row-level security
does not concern, on one connection and from files. Memory is that of all processes of the import together,
PostgreSQL apart; a page that they share counts once. The cohort (`python -m bench.cohort`) has students of
15 to 27, one in seventeen with youth help or support under the Wmo, who live near their school more often
than far, with merged municipalities, typing errors in one row of a hundred, missing and refused consents,
and doubles.

Impact: `verwijsroute rules impact` under a rulebook of which one rule gives another provision, over all that
the last import of a size stored, by two processes, from its start to its end.

Beside: `POST /v1/referrals` at an even rate over eight connections to `verwijsroute serve` with its worker,
for fifteen seconds alone and for as long while the worker works off an upload of another 50,000 rows
(`POST /v1/imports`), five times in turn. A latency counts from the moment when its request was due.
"""


def lines(results: imports.Results) -> Iterator[str]:
    """The tables of imports, and of referrals beside one."""
    yield from size_lines(results.sizes)
    yield ""
    yield from _impact_lines(results.sizes)
    yield ""
    yield from _beside_lines(results.beside)


def size_lines(sizes: list[imports.Size]) -> Iterator[str]:
    """The tables of imports."""
    yield "| Rows | Import | Rows/s | raw `COPY` | COPY / import | Rounds | Dry run, rows/s | Peak memory |"
    yield "|--:|--:|--:|--:|--:|--:|--:|--:|"
    for size in sizes:
        dry = f"{size.rows / size.dry.seconds:,.0f}" if size.dry else ""
        yield (
            f"| {size.rows:,} | {size.seconds:.1f} s | {size.rows / size.seconds:,.0f} | {size.copied:.1f} s "
            f"| {size.ratio:.2f} | {len(size.imports)} | {dry} | {size.peak / 2**20:.0f} MiB |"
        )
    yield ""
    yield "| Rows | " + " | ".join(imports.OUTCOMES) + " |"
    yield "|--:|" + "--:|" * len(imports.OUTCOMES)
    for size in sizes:
        found = (f"{size.imports[0].outcomes.get(outcome, 0):,}" for outcome in imports.OUTCOMES)
        yield f"| {size.rows:,} | " + " | ".join(found) + " |"


def _impact_lines(sizes: list[imports.Size]) -> Iterator[str]:
    """The table of another rulebook over what was imported."""
    yield "| `rules impact` | Receipts | Changed | Receipts/s | Peak memory |"
    yield "|--:|--:|--:|--:|--:|"
    for found in (size.impact for size in sizes if size.impact):
        yield (
            f"| {found.seconds:.1f} s | {found.receipts:,} | {found.changed:,} | {found.rate:,.0f} "
            f"| {found.peak / 2**20:.0f} MiB |"
        )


def _beside_lines(found: Beside) -> Iterator[str]:
    """The table of single referrals."""
    yield "| `POST /v1/referrals` | Requests/s | p50 | p99 | Rows/s of the import |"
    yield "|---|--:|--:|--:|--:|"
    for name, rounds, rows in (
        ("alone", found.alone, ""),
        ("beside", found.beside, f"{median(found.rows):,.0f}"),
    ):
        p50, p99 = (found.percentile(rounds, percent) * 1000 for percent in (50, 99))
        rate = median(one.rate for one in rounds)
        yield f"| {name} | {rate:,.0f} | {p50:.1f} ms | {p99:.1f} ms | {rows} |"


def goals(results: imports.Results) -> Iterator[Goal]:
    """The ratio at the largest size, the memory at all of them, the tail of referrals beside an import."""
    small, large = results.sizes[0], results.sizes[-1]
    ratio = large.ratio
    name = f"raw COPY / import of {large.rows:,} rows"
    yield Goal(name, f"≥ {imports.GOAL}", f"{ratio:.2f}", ratio >= imports.GOAL)
    limit, peak, growth = imports.MOST_BYTES / 2**20, large.peak / 2**20, large.peak / small.peak
    yield Goal("memory of an import", f"≤ {limit:.0f} MiB", f"{peak:.0f} MiB", peak <= limit)
    wanted = f"memory at {large.rows:,} / at {small.rows:,} rows"
    yield Goal(wanted, f"≤ {imports.GROWTH}", f"{growth:.2f}", growth <= imports.GROWTH)
    if large.impact:
        seconds, most = impact.GOAL_RECEIPTS / large.impact.rate, impact.GOAL_SECONDS
        name = f"rules impact of {impact.GOAL_RECEIPTS:,} receipts"
        yield Goal(name, f"≤ {most} s", f"{seconds:.0f} s", seconds <= most)
    ratio = results.beside.ratio
    yield Goal("p99 beside an import / alone", f"≤ {beside.GOAL:.0f}", f"{ratio:.2f}", ratio <= beside.GOAL)
