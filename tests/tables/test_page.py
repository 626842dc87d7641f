"""Each code that reading a file can give stands in the page for those who hand it in, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = r"(?:file|row|cell)\.[a-z0-9_]+|text\.encoding"


def test_every_code_is_explained() -> None:
    modules = (ROOT / "app/adapters/tables").glob("*.py")
    given = {code for module in modules for code in re.findall(f'"({CODE})"', module.read_text("utf-8"))}
    page = (ROOT / "docs/importing.md").read_text("utf-8")
    assert set(re.findall(f"`({CODE})`", page)) == given
