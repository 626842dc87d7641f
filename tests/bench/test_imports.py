"""Imports are measured beside a copy of what they wrote; what would be measured wrongly is refused."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from bench import beside, imports, imports_report, memory, raw_copy
from bench.stage import Stage, open_stage

ROWS = 60
ONCE = imports.Once(seconds=2.0, peak=300 * 2**20, outcomes={"stored": ROWS})


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with open_stage() as opened:
        yield opened


@pytest.fixture(scope="module")
def empty(stage: Stage) -> Stage:
    return imports.empty_database(stage)


def test_the_copy_has_every_row_that_the_import_wrote(empty: Stage) -> None:
    (size,) = imports.measure_sizes(empty, {ROWS: 1})
    copied = {one.table: one.rows for one in size.written}
    assert copied["import_row"] == ROWS
    assert copied["referral"] == copied["decision"] == copied["access_log"] > ROWS * 0.9
    assert size.dry is not None
    assert size.dry.outcomes == size.imports[0].outcomes
    assert size.peak > 2**20
    assert len(list(imports_report.size_lines([size]))) == 7


def test_referrals_are_placed_while_an_import_goes_on(stage: Stage) -> None:
    found = beside.measure(stage, rounds=1, seconds=2, rows=20_000)
    results = imports.Results([imports.Size(ROWS, [ONCE], [1.0])], found)
    assert found.ratio > 0
    assert len(tuple(imports_report.goals(results))) == 4


def test_rows_beside_those_of_the_import_spoil_the_yardstick(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not empty before"):
        asyncio.run(raw_copy.take_out(stage.owner_url, {"organisation": 1, **_all_but(stage)}, tmp_path))


def _all_but(stage: Stage) -> dict[str, int]:
    found = asyncio.run(raw_copy.rows_in(stage.owner_url))
    return {table: rows for table, rows in found.items() if table != "organisation"}


def test_an_import_that_leaves_a_row_without_a_word_is_refused(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "cohort.csv"
    file.write_text("sourceReference\n", "utf-8")
    with pytest.raises((RuntimeError, asyncpg.PostgresError)):
        imports.run(stage, file, rows=1)


def test_memory_is_that_of_a_process_and_of_those_it_started() -> None:
    inner = "import time; kept = b'x' * 40_000_000; time.sleep(3)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    process = subprocess.Popen([sys.executable, "-c", outer])
    with memory.watched(process.pid) as peak:
        process.wait()
    assert peak.bytes > 40_000_000
