"""What a process opens at its start: a broken rule file or a missing key stops it with the reason."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from app import resources
from app.config import Settings
from app.errors import CannotStart
from app.main import create_app
from app.routing.loader import SHIPPED, load_rulebook


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped rules with one citation whose mark nobody knows."""
    folder = tmp_path / "rules"
    shutil.copytree(SHIPPED, folder)
    file = folder / "wgs.toml"
    file.write_text(file.read_text("utf-8").replace('status = "P"', 'status = "X"', 1), "utf-8")
    monkeypatch.setattr(resources, "load_rulebook", partial(load_rulebook, folder))


@pytest.mark.usefixtures("broken")
def test_a_broken_rule_file_stops_the_start_with_file_rule_and_reason(run_settings: Settings) -> None:
    with pytest.raises(CannotStart, match=r"wgs.toml: rule wgs.debts.minor: citation status 'X'"):
        create_app(run_settings)


async def test_a_missing_index_key_stops_the_start(run_settings: Settings) -> None:
    without = run_settings.model_copy(update={"index_key": None})
    with pytest.raises(CannotStart, match="VERWIJSROUTE_INDEX_KEY is missing"):
        async with resources.open_resources(without):
            pass
