"""The proof that the rules are complete: it holds for the shipped rules, and finds planted faults."""

import re
from datetime import date

import pytest

from app.routing import Rulebook, residence, rulebook_from
from app.routing.check import check_provisions, check_rulebook, last_day_checked
from app.routing.check_bodies import check_bodies

UNTIL = date(2028, 12, 31)


def faults_of(book: Rulebook) -> list[str]:
    return [fault for fault in check_provisions(book, UNTIL) if fault]


def changed(book: Rulebook, file: str, pattern: str, replacement: str) -> Rulebook:
    text, count = re.subn(pattern, replacement, book.files[file], count=1, flags=re.DOTALL)
    assert count == 1
    return rulebook_from({**book.files, file: text})


def test_the_shipped_rules_have_no_gap_and_no_clash(book: Rulebook) -> None:
    stages = check_rulebook(book, last_day_checked(book))
    assert [stage.name for stage in stages] == ["provision", "responsible body", "receiver", "consent"]
    assert all(stage.combinations > 1000 for stage in stages)
    assert [fault for stage in stages for fault in stage.faults] == []


def test_a_rule_that_is_missing_is_a_gap(book: Rulebook) -> None:
    without = changed(book, "wgs.toml", r'\[\[rule\]\]\nid = "wgs.debts.adult".*', "")
    assert any(fault.startswith("gap: debts") and "age=18" in fault for fault in faults_of(without))


def test_a_rule_that_ends_is_a_gap_from_the_next_day(book: Rulebook) -> None:
    ended = changed(book, "wgs.toml", r"(wgs.debts.adult.*?valid_from = 2015-01-01)",
                    r"\1\nvalid_to = 2027-12-31")  # fmt: skip
    assert any(fault.startswith("gap: debts from 2028-01-01") for fault in faults_of(ended))


def test_two_rules_of_equal_order_are_a_clash(book: Rulebook) -> None:
    doubled = changed(book, "wgs.toml", r"order = 90", "order = 6")
    assert any("clash: debts" in fault and "none.unlawful" in fault for fault in faults_of(doubled))


def test_a_rule_that_can_never_win_is_found(book: Rulebook) -> None:
    shadowed = changed(book, "none.toml", r"order = 65", "order = 95")
    assert any(fault.startswith("never wins") and "none.unlawful" in fault for fault in faults_of(shadowed))


def test_an_output_that_the_next_stage_does_not_handle_is_found(
    book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(residence._TEST_OF, "wpg")
    assert "unhandled: no residence test for the provision wpg" in list(check_bodies(book))
