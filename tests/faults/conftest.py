"""The stage of the fault tests, and their raw counts at the end of the run."""

from collections.abc import Iterator

import pytest

from tests.faults.stage import COUNTS, Count, Prepared, prepare


@pytest.fixture(scope="session")
def prepared() -> Iterator[Prepared]:
    """Made once; every fault works on a copy."""
    with prepare() as stage:
        yield stage


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Count:
    """Keeps lines of raw counts."""
    return Count(request.node.name.removeprefix("test_"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what was counted, green or red."""
    if COUNTS:
        terminalreporter.section("counts of the fault tests")
    for test, lines in COUNTS.items():
        terminalreporter.write_line("\n    ".join([test, *lines]))
