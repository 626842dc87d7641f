"""`python -m bench`: measures all, or the parts that are named, and prints them.

With `--page` what was measured takes its place in docs/benchmarks.md, and the rest of the page stays.
"""

import argparse
import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from app.adapters.clock import SystemClock
from bench import audit, decide, imports, lists, page, referrals, report, start
from bench.stage import Stage, open_stage, server_version

# In the order in which they are measured.
MEASURE: Final[Mapping[str, Callable[[Stage], Any]]] = {
    "decide": lambda _: decide.measure(),
    "referrals": referrals.measure,
    "start": start.measure,
    "imports": imports.measure,
    "lists": lists.measure,
    "audit": audit.measure,
}
TITLES: Final = {name: part.title for name, part in report.PARTS.items()}


def main() -> None:
    """Measures the parts that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"of {', '.join(MEASURE)}; all when none is named")
    parser.add_argument("--page", action="store_true", help="write into docs/benchmarks.md what was measured")
    asked = parser.parse_args()
    if not set(asked.part) <= set(MEASURE):
        parser.error(f"a part is one of {', '.join(MEASURE)}")
    sections = measure(asked.part or MEASURE)
    if asked.page:
        before = page.PAGE.read_text("utf-8")
        page.PAGE.write_text(page.merged(before, sections, TITLES), "utf-8")


def measure(parts: Iterable[str]) -> dict[str, page.Section]:
    """The sections of the parts; each is printed as soon as it is measured."""
    today, causes, sections = SystemClock().today(), page.read_causes(), {}
    with open_stage() as stage:
        postgres = asyncio.run(server_version(stage.service_url))
        for name in (name for name in MEASURE if name in parts):
            measured = page.circumstances(today, os.getloadavg()[0], postgres)
            results = MEASURE[name](stage)
            section = sections[name] = report.PARTS[name].section(name, results, measured, causes)
            print(
                "\n".join([measured, "", *report.PARTS[name].lines(results), "", *section.goals]), flush=True
            )
    return sections


if __name__ == "__main__":
    main()
