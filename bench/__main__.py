"""`python -m bench`: measures everything and writes docs/benchmarks.md; with names of parts, prints those."""

import argparse
from collections.abc import Iterator
from datetime import date

from app.adapters.clock import SystemClock
from bench import decide, lists, referrals, report, start
from bench.stage import open_stage

PARTS = ("referrals", "lists", "decide", "start")


def main() -> None:
    """Runs the parts that were named, or all and the page."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"of {', '.join(PARTS)}; all when none is named")
    parts = parser.parse_args().part
    if not set(parts) <= set(PARTS):
        parser.error(f"a part is one of {', '.join(PARTS)}")
    if parts:
        print("\n".join(_measure(parts)))
    else:
        write_page(SystemClock().today())


def write_page(today: date) -> None:
    """Measures everything, writes the page and prints it."""
    routes, lookups = decide.measure_routes(), [decide.measure_lookups(name) for name in decide.DOMAINS]
    with open_stage() as stage:
        placed, started = referrals.measure(stage), start.measure(stage)
        run = report.Run(placed, lists.measure(stage), lookups, routes, started)
    page = report.page(run, today, report.read_causes())
    report.PAGE.write_text(page, "utf-8")
    print(page)


def _measure(parts: list[str]) -> Iterator[str]:
    if "decide" in parts:
        lookups = [decide.measure_lookups(name) for name in decide.DOMAINS]
        yield from report.decide_lines(lookups, decide.measure_routes())
    if not {"referrals", "lists", "start"} & set(parts):
        return
    with open_stage() as stage:
        if "referrals" in parts:
            yield from report.referral_lines(referrals.measure(stage))
        if "lists" in parts:
            yield from report.listed_lines(lists.measure(stage))
        if "start" in parts:
            yield from report.start_lines(start.measure(stage))


if __name__ == "__main__":
    main()
