"""A dry run tells the truth: over any file its verdicts are those of the run, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from app.routing.facts import Consent
from app.services.importing.rows import Rejected, RowFault, RowResult
from tests.importing.conftest import Importer, Row
from tests.services.conftest import SUBMISSION, TODAY

TWO_TEAMS: Final = "0193"
REFUSED: Final = (Consent(given_by="student", given_on=TODAY, purpose="referral", refused=True),)
KINDS: Final[dict[str, dict[str, Any]]] = {
    "routed": {},
    "no birth date": {"birth_date": None},
    "no consent": {"consents": ()},
    "two teams": {"home_municipality": TWO_TEAMS},
    "refused": {"consents": REFUSED},
}
EMPTY: Final = """
DELETE FROM advice; DELETE FROM handover; DELETE FROM decision; DELETE FROM referral; DELETE FROM import
"""


@dataclass(frozen=True)
class Line:
    """A row of a file: one of few references, and one of few contents; or one that cannot be read."""

    reference: str
    kind: str


LINES: Final = st.lists(
    st.builds(Line, st.sampled_from("abcd"), st.sampled_from([*KINDS, "invalid"])), min_size=1, max_size=12
)
BEFORE: Final = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["routed", "no birth date"]))


@pytest.fixture
def importer(importer: Importer) -> Importer:
    """One who knows a place where somebody has to choose."""
    importer.know_equal_teams(TWO_TEAMS)
    return importer


def row_of(importer: Importer, number: int, line: Line) -> Row:
    if line.kind == "invalid":
        return Rejected(number, line.reference, (RowFault("x", "x", "x"),))
    facts = replace(SUBMISSION.facts, **KINDS[line.kind])
    return importer.draft(number, line.reference, f"{line}".encode(), facts=facts)


def told(results: Sequence[RowResult]) -> list[tuple[object, ...]]:
    """What a dry run and a run agree on: all but the ids of what the one does not store."""
    return [(row.number, row.reference, row.outcome, row.first_row, row.faults) for row in results]


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=BEFORE, lines=LINES, chunk=st.integers(1, 6))
async def test_verdicts_of_a_dry_run_are_those_of_the_run(
    importer: Importer,
    owner: asyncpg.Connection,
    before: dict[str, str],
    lines: list[Line],
    chunk: int,
) -> None:
    await owner.execute(EMPTY)
    for reference, kind in before.items():
        facts = replace(SUBMISSION.facts, **KINDS[kind])
        content = f"{Line(reference, kind)}".encode()
        await importer.world.submit(source_reference=reference, content=content, facts=facts)
    rows = [row_of(importer, number, line) for number, line in enumerate(lines, start=2)]
    dry = await importer.run(rows, chunk=chunk, dry_run=True)
    real = await importer.run(rows, chunk=chunk)
    assert told(dry) == told(real)


async def test_control_the_files_have_every_outcome(importer: Importer) -> None:
    await importer.world.submit(source_reference="c", content=b"another")
    lines = [*(Line("a", kind) for kind in ("routed", "invalid", "refused")), Line("c", "routed")]
    lines += [Line("a", "routed"), Line("b", "no birth date"), Line("d", "no consent"), Line("e", "refused")]
    lines += [Line("f", "two teams")]
    rows = [row_of(importer, number, line) for number, line in enumerate(lines, start=2)]
    outcomes = [result.outcome for result in await importer.run(rows)]
    assert outcomes == [
        *("stored", "invalid", "conflict", "conflict", "already_stored"),
        *("needs_information", "needs_consent", "needs_consent", "needs_triage"),
    ]
