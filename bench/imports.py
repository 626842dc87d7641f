"""`verwijsroute import` beside a raw COPY of the rows that it writes, at two sizes, and a dry run."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final, get_args

import asyncpg

from app.config import Settings
from app.db import migrate
from app.resources import open_resources
from app.services.importing.rows import Outcome
from bench import beside, cohort, impact, memory, raw_copy
from bench.beside import Beside
from bench.impact import Impact
from bench.stage import ROOT, Stage, fill, in_database, new_database, settings_of

OUTCOMES: Final[tuple[str, ...]] = get_args(Outcome)
EMPTY: Final = "imports"
SEED: Final = 1
# What is measured at each size, an import and a copy in turn.
ROUNDS: Final[Mapping[int, int]] = {50_000: 5, 500_000: 1}
GOAL: Final = 0.35
MOST_BYTES: Final = 400 * 2**20
# Resident memory of the same program differs by some megabytes from run to run.
GROWTH: Final = 1.1
_COMMAND: Final = (sys.executable, "-c", "from app.cli import main; main()", "import")


@dataclass(frozen=True, slots=True)
class Once:
    """One import: its seconds from start to end of the process, peak bytes, the rows of each outcome."""

    seconds: float
    peak: int
    outcomes: Mapping[str, int]


@dataclass(slots=True)
class Size:
    """All rounds at one number of rows: imports, seconds of the copies, and what was copied.

    The first size has a dry run; the impact is that of a changed rulebook on what the last import stored.
    """

    rows: int
    imports: list[Once] = field(default_factory=list)
    copies: list[float] = field(default_factory=list)
    written: list[raw_copy.Written] = field(default_factory=list)
    dry: Once | None = None
    impact: Impact | None = None

    @property
    def seconds(self) -> float:
        """Seconds of an import, the median of the rounds."""
        return median(once.seconds for once in self.imports)

    @property
    def copied(self) -> float:
        """Seconds of a copy, the median of the rounds."""
        return median(self.copies)

    @property
    def ratio(self) -> float:
        """The time of the copy over that of the import, the median of the rounds."""
        return median(copy / once.seconds for copy, once in zip(self.copies, self.imports, strict=True))

    @property
    def peak(self) -> int:
        """The most bytes resident in any round."""
        return max(once.peak for once in self.imports)


@dataclass(frozen=True, slots=True)
class Results:
    """Imports at each size, the smallest first, and single referrals beside an import."""

    sizes: list[Size]
    beside: Beside


def measure(stage: Stage) -> Results:
    """Both; raises RuntimeError where an import leaves a row without a word or a request fails."""
    empty = empty_database(stage)
    sizes = measure_sizes(empty)
    with _database(empty, "beside") as own:
        return Results(sizes, beside.measure(own))


def measure_sizes(empty: Stage, rounds: Mapping[int, int] = ROUNDS) -> list[Size]:
    """Imports and copies in turn at each size, each into a new database like this one."""
    sizes = [Size(rows) for rows in rounds]
    for number, size in enumerate(sizes):
        file = empty.folder / f"cohort_{size.rows}.csv"
        with file.open("w", encoding="utf-8", newline="") as into:
            cohort.write(size.rows, SEED, into)
        if number == 0:
            with _database(empty, "dry") as dry:
                size.dry = run(dry, file, size.rows, "--dry-run")
        _measure(empty, size, file, rounds[size.rows])
        file.unlink()
    return sizes


def empty_database(stage: Stage) -> Stage:
    """A database of the stage's server with its directory and nothing that happened."""
    empty = asyncio.run(new_database(stage, EMPTY))
    settings = settings_of(empty)
    migrate(settings)
    keys = asyncio.run(fill(settings))
    asyncio.run(_start_once(settings))
    asyncio.run(_execute(empty.owner_url, "TRUNCATE event"))
    return replace(empty, keys=keys)


async def _start_once(settings: Settings) -> None:
    """Has the database keep what each process of the service keeps when it starts: rulebook and edition."""
    async with open_resources(settings):
        pass


def _measure(stage: Stage, size: Size, file: Path, times: int) -> None:
    before = asyncio.run(raw_copy.rows_in(stage.owner_url))
    for _ in range(times):
        with _database(stage, "imported") as imported:
            size.imports.append(run(imported, file, size.rows))
            size.written = asyncio.run(raw_copy.take_out(imported.owner_url, before, stage.folder))
            if len(size.imports) == times:
                size.impact = impact.measure(imported)
        with _database(stage, "copied") as copied:
            size.copies.append(asyncio.run(raw_copy.copy_in(copied.owner_url, size.written)))
        seconds, copied_in = size.imports[-1].seconds, size.copies[-1]
        print(f"{size.rows:,} rows: import {seconds:.1f} s, COPY {copied_in:.1f} s", file=sys.stderr)


def run(stage: Stage, file: Path, rows: int, *options: str) -> Once:
    """One import of a file as a process of its own, with its results written beside it."""
    results = stage.folder / "results"
    results.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "DATABASE_URL": stage.service_url,
        "DATABASE_OWNER_URL": stage.owner_url,
        "PYTHONPATH": str(ROOT),
    }
    arguments = (str(file), "--organisation", "school:00ZZ", "--results", str(results), "--json", *options)
    asyncio.run(_execute(stage.owner_url, "CHECKPOINT"))
    with (stage.folder / "import.log").open("wb") as log:
        started = perf_counter()
        process = subprocess.Popen([*_COMMAND, *arguments], env=environment, cwd=ROOT, stdout=log, stderr=log)
        with memory.watched(process.pid) as peak:
            code = process.wait()
        seconds = perf_counter() - started
    outcomes = asyncio.run(_outcomes(stage.owner_url))
    faulty = bool(outcomes.get("invalid") or outcomes.get("conflict"))
    if code != faulty or sum(outcomes.values()) != rows:
        said = (stage.folder / "import.log").read_text("utf-8", "replace")[-2000:]
        raise RuntimeError(f"the import ended with {code} and {outcomes}: {said}")
    return Once(seconds, peak.bytes, outcomes)


@contextmanager
def _database(stage: Stage, name: str) -> Iterator[Stage]:
    """A copy of the empty database: all tables and indexes, migrated. It is gone with the block."""
    server = in_database(stage, "postgres").owner_url  # a database that is copied may have no guests
    asyncio.run(_execute(server, f"CREATE DATABASE {name} TEMPLATE {EMPTY}"))
    try:
        yield in_database(stage, name)
    finally:
        asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(url: str, statement: str) -> None:
    owner = await asyncpg.connect(url)
    await owner.execute(statement)
    await owner.close()


async def _outcomes(url: str) -> dict[str, int]:
    owner = await asyncpg.connect(url)
    try:
        query = "SELECT outcome, count(*) FROM import_row GROUP BY outcome ORDER BY outcome"
        return {row["outcome"]: row["count"] for row in await owner.fetch(query)}
    finally:
        await owner.close()
