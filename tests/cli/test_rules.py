"""`verwijsroute rules`: proof, list and reference of the rulebook."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli import rules as rules_commands
from app.cli.rules_page import rules_page
from app.routing import Rulebook, load_rulebook
from app.routing.loader import rulebook_from

ROOT = Path(__file__).resolve().parents[2]
Command = Callable[..., Any]


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


def test_check_counts_what_was_gone_through(verwijsroute: Command) -> None:
    done = verwijsroute("rules", "check")
    assert done.code == 0
    assert done.out.count(" 0 faults") == 4


def test_check_exits_with_one_where_a_rule_is_missing(
    verwijsroute: Command, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = book.files["wgs.toml"].replace('problem_domains = ["debts"]', 'problem_domains = ["income"]', 1)
    broken = rulebook_from({**book.files, "wgs.toml": without})
    monkeypatch.setattr(rules_commands, "shipped_rulebook", lambda: broken)
    done = verwijsroute("rules", "check")
    assert done.code == 1
    assert "gap: debts" in done.out


def test_list_shows_the_rules_of_a_domain_on_a_day(verwijsroute: Command) -> None:
    before = verwijsroute("rules", "list", "--domain", "absence_dropout", "--on", "2025-12-31").out
    after = verwijsroute("rules", "list", "--domain", "absence_dropout", "--on", "2026-01-01").out
    assert "2025-12-31" in before.splitlines()[0]
    assert before.splitlines()[1:] != after.splitlines()[1:]
    assert "debts" not in after.partition("domains:")[2].splitlines()[0]


def test_list_prints_json(verwijsroute: Command) -> None:
    listed = json.loads(verwijsroute("rules", "list", "--domain", "debts", "--json").out)
    assert {rule["provision"] for rule in listed} >= {"wgs"}
    assert all(rule["citations"] for rule in listed)


@pytest.mark.parametrize("days", [("--on", "31-12-2025"), ("--between", "2025-12-31", "tomorrow")])
def test_list_refuses_a_day_that_is_none(verwijsroute: Command, days: tuple[str, ...]) -> None:
    done = verwijsroute("rules", "list", *days)
    assert (done.code, done.out) == (2, "")
    assert f"'{days[0]}': write a day as YYYY-MM-DD" in done.err


def test_list_refuses_a_domain_that_is_none_and_names_those_that_are(verwijsroute: Command) -> None:
    done = verwijsroute("rules", "list", "--domain", "schulden")
    assert (done.code, done.out) == (2, "")
    assert "no problem domain 'schulden'" in done.err
    assert " debts, " in done.err


def test_the_committed_reference_is_that_of_the_program(book: Rulebook) -> None:
    committed = (ROOT / "docs/rules.md").read_text("utf-8")
    assert committed == rules_page(book), "run `verwijsroute rules document > docs/rules.md`"


def test_the_reference_has_every_rule_with_its_articles(book: Rulebook) -> None:
    page = rules_page(book)
    for rule in book.rules:
        entry = page.partition(f"### `{rule.id}`\n")[2].partition("\n### ")[0]
        assert rule.because.en in entry
        assert all(citation.article in entry for citation in rule.citations), rule.id


def test_document_check_shows_how_the_file_differs(
    verwijsroute: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = verwijsroute("rules", "document")
    missing = verwijsroute("rules", "document", "--check")
    Path("docs").mkdir()
    Path("docs/rules.md").write_text(printed.out, "utf-8")
    assert (printed.code, missing.code) == (0, 1)
    assert missing.out.startswith("--- docs/rules.md")
    assert verwijsroute("rules", "document", "--check").code == 0


def test_the_difference_between_two_days_is_what_ended_and_began(verwijsroute: Command) -> None:
    done = verwijsroute("rules", "list", "--between", "2025-12-31", "2026-01-01", "--json")
    parts = json.loads(done.out)
    assert {rule["id"] for rule in parts["ended"]} == {
        "none.absence.23.before-2026", "pw.work.10f", "pw.work.10f.minor", "pw.work.youth.before-2026",
        "web-rmc.absent.before-2026", "web-rmc.left.before-2026",
    }  # fmt: skip
    assert "web-rmc.left" in {rule["id"] for rule in parts["began"]}


def test_the_difference_in_one_domain_is_shown_in_words(verwijsroute: Command) -> None:
    days = ("2025-12-31", "2026-01-01")
    done = verwijsroute("rules", "list", "--between", *days, "--domain", "absence_dropout")
    assert "3 ended and 3 began" in done.out
    assert "- web-rmc.left.before-2026" in done.out
    assert "+ web-rmc.left " in done.out
    nothing = verwijsroute("rules", "list", "--between", *days, "--domain", "debts")
    assert "0 ended and 0 began" in nothing.out


def test_open_points_of_the_law_name_the_rules_on_them(verwijsroute: Command, book: Rulebook) -> None:
    done = verwijsroute("rules", "list", "--open")
    assert all(point.text in done.out for point in book.open_points)
    assert "rules:  pw.income.bbl" in done.out
    assert len(json.loads(verwijsroute("rules", "list", "--open", "--json").out)) == len(book.open_points)


def test_the_walk_through_shows_what_the_program_says(verwijsroute: Command) -> None:
    page = (ROOT / "docs" / "changing-the-law.md").read_text("utf-8")
    shown = re.findall(r"^[-+] [a-z].* -> .*$", page, re.MULTILINE)
    done = verwijsroute("rules", "list", "--between", "2025-12-31", "2026-01-01")
    assert shown == re.findall(r"^[-+] [a-z].* -> .*$", done.out, re.MULTILINE)
    assert len(shown) == 12
