"""What is refused for its faults: a line each, up to a bound."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.cli.counts import counted
from app.errors import CannotStart
from app.schemas.directory_table import RowFault

FAULTS_TOLD: Final = 20


def fault_in_words(found: RowFault) -> str:
    """Where a table is wrong, and how."""
    return f"row {found.row}, column {found.column or '-'}: {found.detail} [{found.code}]"


def refused(path: Path, faults: Sequence[str]) -> CannotStart:
    """How many faults there are, and the first of them, a line each."""
    left = len(faults) - FAULTS_TOLD
    more = [f"and {counted(left, 'more fault')}"] if left > 0 else []
    head = f"{path}: {counted(len(faults), 'fault')}"
    return CannotStart("\n".join([head, *(f"  {one}" for one in [*faults[:FAULTS_TOLD], *more])]))
