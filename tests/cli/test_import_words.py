"""What `verwijsroute import` tells while it goes on, and what it has counted at its end."""

import io
import sys
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.cli.import_progress import telling
from app.cli.import_words import summary_in_words
from app.importing.told import Progress
from app.services.importing.imports import Import


class Terminal(io.StringIO):
    """Text that somebody is looking at."""

    def isatty(self) -> bool:
        return True


def test_a_log_is_told_the_rate_and_the_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = iter([0.0, 0.0, 1.0, 10.0, 11.0, 40.0])
    monkeypatch.setattr("app.cli.import_progress.time", SimpleNamespace(monotonic=lambda: next(seconds)))
    with telling("cohort.csv") as tell:
        for done in (1000, 1100, 2000):
            tell(Progress(done, 90_000))
        tell(Progress(2000, 90_000, waiting="the database does not answer"))
        tell(Progress(90_000, 90_000))
    assert capsys.readouterr().err.splitlines() == [
        "cohort.csv: 2,000 of 90,000 rows (2.2%), 100 a second, 14:40 left",
        "cohort.csv: 2,000 of 90,000 rows; waiting: the database does not answer",
        "cohort.csv: 90,000 of 90,000 rows (100.0%)",
    ]


def test_a_terminal_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with telling("cohort[1].csv") as tell:
        for done in (1000, 2000, 90_000):
            tell(Progress(done, 90_000, waiting="the database" if done == 2000 else None))
    shown = screen.getvalue()
    assert "cohort[1].csv" in shown
    assert "90000/90000" in shown
    assert "/s " in shown
    assert "waiting: the database" in shown


def test_the_summary_counts_by_outcome_act_municipality_and_team() -> None:
    nothing: dict[str, Any] = dict.fromkeys(field.name for field in fields(Import))
    summary = {
        "acts": {"wmo_2015": 1, "youth_act": 1200},
        "municipalities": {"0193": 1201},
        "teams": {f"team-{n:02}": 100 - n for n in range(22)},
    }
    counts: dict[str, Any] = {"outcomes": {"stored": 1201, "invalid": 2}, "summary": summary}
    import_ = Import(**{**nothing, **counts, "rows_total": 1204, "rows_done": 1203})
    told = summary_in_words(import_, [Path("cohort.csv.results.csv")], {"0193": "Zwolle"}).splitlines()
    assert told[0].startswith("1,203 of 1,204 rows")
    assert told[1:-22] == [
        *("", "outcome", "      1,201  stored", "          2  invalid"),
        *("", "acts", "      1,200  youth_act", "          1  wmo_2015"),
        *("", "municipalities", "      1,201  0193 Zwolle"),
        *("", "teams"),
    ]
    assert told[-22:-20] == ["        100  team-00", "         99  team-01"]
    assert told[-2:] == ["  and 2 more", "Results: cohort.csv.results.csv"]
