"""What commands that go on for long tell of their way, and `rules impact` of what it found."""

from collections import Counter

import pytest

from app.cli.counts import counted
from app.cli.impact_words import as_text
from app.cli.import_progress import telling
from app.importing.told import Progress
from app.services.impact.tally import Moves, Tally


def test_a_log_has_the_end_once(capsys: pytest.CaptureFixture[str]) -> None:
    with telling("rules impact", "receipts") as tell:
        for done in (0, 3, 3):
            tell(Progress(done, 3))
    assert capsys.readouterr().err == "rules impact: 3 of 3 receipts (100.0%)\n"


def test_what_was_before_is_told_beside_what_leaves_and_comes() -> None:
    acts = Moves(Counter(wlz=5), Counter(wlz=2), Counter(wlz=1))
    head, row = as_text(Tally(changed=3, by={"act": acts}), None).splitlines()[-2:]
    assert head.split() == ["routes", "by", "act", "before", "leave", "come"]
    assert row.split() == ["wlz", "5", "2", "1"]


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (2000, "2,000 rows")]
)
def test_one_is_no_more_than_one(number: int, told: str) -> None:
    assert counted(number, "row") == told
