"""The page about the life of a handover says what the tables of the service say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from app.cli import lifecycle_words as words
from app.cli.lifecycle_page import lifecycle_page
from app.schemas.words import HandoverFlag, HandoverStatus

ROOT = Path(__file__).resolve().parents[2]


def test_the_committed_page_is_that_of_the_program() -> None:
    assert (ROOT / "docs" / "lifecycle.md").read_text("utf-8") == lifecycle_page()


def test_every_status_and_flag_has_its_words() -> None:
    assert words.STATUSES.keys() == set(get_args(HandoverStatus.__value__))
    assert words.FLAGS.keys() == set(get_args(HandoverFlag.__value__))


def test_the_command_compares_the_page_with_the_committed_one(
    verwijsroute: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert verwijsroute("lifecycle", "document", "--check").code == 0
    monkeypatch.chdir(tmp_path)
    assert verwijsroute("lifecycle", "document", "--check").code == 1
