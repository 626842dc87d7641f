"""Which counts of a table may be shown: none below five, none from which such a one follows (ADR 19)."""

from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

# Below this a count is of so few that somebody may know who they are.
FEWEST: Final = 5
# A ninetieth percentile of fewer is the highest value itself: one person's.
FEWEST_FOR_PERCENTILE: Final = 10

Category = TypeVar("Category", bound=Hashable)


def shown_total(count: int) -> int | None:
    """A total; None below five, none at all included."""
    return count if count >= FEWEST else None


def shown_counts(counts: Mapping[Category, int]) -> dict[Category, int]:
    """The counts that may be shown beside the total of their table, in the order given.

    Categories with nothing are left out. Where one has one to four, it is left out, and so is the smallest
    of the others, with all that are as small: what is missing then fits with every exchange of the missing
    ones, and the reader cannot tell which of them is the small one.
    """
    safe = {category: count for category, count in counts.items() if count >= FEWEST}
    if not any(0 < count < FEWEST for count in counts.values()):
        return safe
    smallest = min(safe.values(), default=0)
    return {category: count for category, count in safe.items() if count != smallest}
