"""What a run tells while it goes on, and where it keeps what became of each row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.services.importing.rows import RowResult


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is, in rows; `waiting` says what it waits for, where it does."""

    done: int
    total: int
    waiting: str | None = None


Tell = Callable[[Progress], None]


class Results(Protocol):
    """Keeps what became of each row, in the order of the file; from its first row also in a resumed run."""

    def keep(self, rows: Sequence[RowResult]) -> None:
        """Keeps some more."""

    def complete(self) -> None:
        """There are no more; the import ends after this, and not before."""
