"""A document that the program makes and the project keeps: printed, or compared with the kept file."""

import difflib
from pathlib import Path

import typer

from app.cli.session import DONE_WITH_FAULTS


def print_or_compare(document: str, kept: Path, *, check: bool) -> None:
    """Prints the document; with `check` prints how the kept file differs, and then leaves with 1."""
    if not check:
        print(document, end="")
        return
    before = kept.read_text("utf-8") if kept.exists() else ""
    if before != document:
        lines = before.splitlines(), document.splitlines()
        print("\n".join(difflib.unified_diff(*lines, str(kept), "program", lineterm="")))
        raise typer.Exit(DONE_WITH_FAULTS)
