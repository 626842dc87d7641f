"""SECURITY.md and docs/dpia.md: every threat has its measure, and every proof that they name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("SECURITY.md", "docs/dpia.md")
COMMAND = re.compile(r"`(pytest|make|verwijsroute) ([^`]+)`")
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
THREATS = {f"T{number}" for number in range(1, 26)}


def missing(page: str, text: str) -> list[str]:
    """The tests, targets, folders and pages that a page names and that are not there."""
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    named = [(program, word) for program, words in COMMAND.findall(text) for word in words.split()]
    gone = [word for program, word in named if program == "pytest" and not (ROOT / word).exists()]
    gone += [word for program, word in named if program == "make" and word not in targets]
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    return gone + [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]


@pytest.mark.parametrize("page", PAGES)
def test_every_proof_that_is_named_is_there(page: str) -> None:
    assert missing(page, (ROOT / page).read_text("utf-8")) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_threat_has_a_measure(page: str) -> None:
    rows = [
        line for line in (ROOT / page).read_text("utf-8").splitlines() if "`pytest" in line or "`make" in line
    ]
    assert set(re.findall(r"\bT\d+\b", " ".join(rows))) >= THREATS


def test_a_proof_that_is_gone_is_found() -> None:
    text = "`pytest tests/gone.py`, `make nothing` ([page](gone.md)), `pytest tests/test_contract.py`"
    assert missing("SECURITY.md", text) == ["tests/gone.py", "nothing", "gone.md"]
