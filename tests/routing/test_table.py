"""What a table keeps: an answer for each combination, never more than its bound."""

from datetime import date

import pytest

from app.routing import Facts, Rulebook, rulebook_from, table
from app.routing.derive import derive, for_domain


def test_what_a_table_keeps_is_bounded_and_changes_no_answer(
    book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "_KEPT_AT_MOST", 1)
    bounded = rulebook_from(book.files).table("debts", date(2026, 9, 1))
    free = book.table("debts", date(2026, 9, 1))
    for age in (17, 19, 17):
        facts = Facts(problem_domains=("debts",), support_variant=None, age_years=age)
        readings = for_domain(derive(facts, date(2026, 9, 1)), facts, "debts")
        (one,), (other,) = bounded.lookup(readings).matches[:1], free.lookup(readings).matches[:1]
        assert one.rule is not None
        assert other.rule is not None
        assert one.rule.id == other.rule.id
        assert len(bounded._answers) == 1
