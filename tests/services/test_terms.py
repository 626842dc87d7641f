"""Terms of a handover: when each runs, has run out, and goes on after a question."""

from datetime import date, timedelta
from typing import Any

from app.routing.directory import TeamTerms
from app.services.lifecycle.clocks import next_look, question_term, resumed, run_out, term

OFFERED = date(2026, 11, 23)  # a Monday


def test_a_term_runs_on_its_last_day_and_the_worker_looks_the_day_after() -> None:
    last = OFFERED + timedelta(days=8)
    row: dict[str, Any] = {
        "status": "offered",
        "deadlines": [term("first_contact", OFFERED, last)],
        "flags": [],
        "paused_on": None,
        "first_contact_on": None,
        "reassess_on": None,
    }
    assert next_look(row) == last + timedelta(days=1)
    assert [list(run_out(row, last + timedelta(days=day))) for day in (0, 1)] == [[], ["overdue"]]


def test_a_question_has_the_clock_of_the_team_that_asks() -> None:
    day = date(2026, 11, 27)  # a Friday
    assert question_term(day, TeamTerms())["due"] == "2026-12-11"
    assert question_term(day, TeamTerms(answer_within_days=5, unit="working"))["due"] == "2026-12-04"


def test_a_term_that_had_run_out_before_a_question_stays_as_late_as_it_was() -> None:
    late = term("debt_talk", OFFERED, OFFERED + timedelta(days=3), "working")
    asked, back = OFFERED + timedelta(days=5), OFFERED + timedelta(days=9)
    (found,) = resumed([late], asked, back)
    assert found["due"] == (OFFERED + timedelta(days=7)).isoformat()


def test_a_handover_without_a_term_is_never_looked_at() -> None:
    row: dict[str, Any] = {"status": "in_progress", "deadlines": [], "flags": [], "reassess_on": None}
    assert next_look(row) is None
