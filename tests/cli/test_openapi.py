"""`verwijsroute openapi export`: the document of the program, or how the kept file differs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.api.openapi import document


def test_export_prints_yaml_and_check_compares_it(
    verwijsroute: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    printed, missing = verwijsroute("openapi", "export"), verwijsroute("openapi", "export", "--check")
    Path("openapi.yaml").write_text(printed.out, "utf-8")
    assert (printed.code, missing.code) == (0, 1)
    assert yaml.safe_load(printed.out)["info"]["title"] == "Verwijsroute"
    assert missing.out.startswith("--- openapi.yaml")
    assert verwijsroute("openapi", "export", "--check").code == 0


def test_building_the_document_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    document.__wrapped__()
    assert caplog.records == []
