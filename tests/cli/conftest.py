"""What the tests of the commands share: a way to type one, over the real database without rows."""

import io
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli import main
from app.config import Settings
from app.routing.loader import SHIPPED


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit code, and what it printed."""

    code: int
    out: str
    err: str


Type = Callable[..., Done]


@pytest.fixture
def verwijsroute(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Type:
    """Types `verwijsroute` with these arguments, and `typed` on standard input."""
    monkeypatch.setenv("DATABASE_URL", str(settings.database_url))
    monkeypatch.setenv("DATABASE_OWNER_URL", str(settings.database_owner_url))
    monkeypatch.setenv("VERWIJSROUTE_DATA_DIR", str(settings.data_dir))

    def run(*arguments: str, typed: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["verwijsroute", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return Done(int(left.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rule files, to be changed."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "rules"))


def change(file: Path, before: str, after: str) -> None:
    """Replaces a text that stands in a file, once."""
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")
