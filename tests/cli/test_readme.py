"""What the README shows is what the commands print."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine

README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")


def shown_after(command: str) -> str:
    """What the README shows between this command and the next, or the end of the block."""
    return README.partition(f"$ {command}\n")[2].partition("\n```")[0].partition("\n$ ")[0]


# A year later the teams of the demo have not confirmed their details, which a decision says.
@time_machine.travel("2026-11-21")
def test_the_decision_in_the_readme_is_the_one_that_is_printed(
    verwijsroute: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("student.json").write_text(shown_after("cat student.json"), "utf-8")
    verwijsroute("demo", "--dry-run")
    printed = verwijsroute("decide", "student.json", "--language", "en").out
    shown = shown_after(".venv/bin/verwijsroute decide student.json --language en")
    # The last line names the day on which the directory was read.
    assert shown.splitlines()[:-1] == printed.splitlines()[:-1]


def test_the_commands_in_the_readme_exist(verwijsroute: Callable[..., Any]) -> None:
    for command in (
        "decide",
        "import",
        "rules list",
        "rules check",
        "rules document",
        "lifecycle document",
        "data document",
        "access document",
        "demo",
        "serve",
        "migrate",
        "worker",
    ):
        assert f"`verwijsroute {command}" in README or f"`{command}`" in README
        assert verwijsroute(*command.split(), "--help").code == 0
