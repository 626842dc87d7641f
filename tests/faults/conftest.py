"""The stage of the fault tests, and their raw counts at the end of the run."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from tests.faults.importing import Left, cohort, importing, left_by
from tests.faults.postgres import copied_cluster
from tests.faults.stage import COUNTS, Count, Prepared, prepare

DISK_BYTES: Final = 160 * 1024 * 1024


@pytest.fixture(scope="session")
def prepared() -> Iterator[Prepared]:
    """Made once; every fault works on a copy."""
    with prepare() as stage:
        yield stage


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Count:
    """Keeps lines of raw counts."""
    return Count(request.node.name.removeprefix("test_"))


@pytest.fixture(scope="module")
def untouched(prepared: Prepared, request: pytest.FixtureRequest) -> Iterator[Left]:
    """What an import of so many rows leaves that nobody kills."""
    with TemporaryDirectory(prefix="vr-test-") as folder:
        file = cohort(Path(folder) / "cohort.csv", request.param)
        with copied_cluster(prepared.cluster) as server, importing(prepared, server, file) as import_:
            yield asyncio.run(left_by(import_))


@pytest.fixture
def small_disk(scratch: Path) -> Iterator[Path]:
    """A file system in memory of 160 MB; needs to be root, and a machine that lets root mount."""
    folder = scratch / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0755", "tmpfs"]
    mounted = subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk needs root and is not allowed here: disk full was not tested")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what was counted, green or red."""
    if COUNTS:
        terminalreporter.section("counts of the fault tests")
    for test, lines in COUNTS.items():
        terminalreporter.write_line("\n    ".join([test, *lines]))
