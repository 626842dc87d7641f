"""The page about what is kept says what the registry of columns says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli.data_page import data_page

ROOT = Path(__file__).resolve().parents[2]


def test_the_committed_page_is_that_of_the_registry() -> None:
    assert (ROOT / "docs" / "data-kept.md").read_text("utf-8") == data_page()


def test_the_command_compares_the_page_with_the_committed_one(
    verwijsroute: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert verwijsroute("data", "document", "--check").code == 0
    monkeypatch.chdir(tmp_path)
    assert verwijsroute("data", "document", "--check").code == 1
