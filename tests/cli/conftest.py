"""What the tests of the commands share: a way to type one, over the real database without rows."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.cli import main
from app.config import Settings


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
