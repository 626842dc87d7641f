"""Counts what would change: how many receipts, and how many routes of each act, place, team and rule."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from app.services.impact.mark import Mark, shown
from app.services.resources import Plain

Counts = Counter[str]


def _team(mark: Mark) -> str | None:
    primary = mark.primary
    return primary and primary.team_id


BY: Final[Mapping[str, Callable[[Mark], str | None]]] = {
    "act": lambda mark: mark.act,
    "municipality": lambda mark: mark.responsible and mark.responsible.municipality,
    "team": _team,
    "rule": lambda mark: mark.rule,
}


@dataclass(slots=True)
class Moves:
    """Routes by what they have in common: how many there are, and of those that change who leave and come."""

    before: Counts = field(default_factory=Counter)
    leave: Counts = field(default_factory=Counter)
    come: Counts = field(default_factory=Counter)

    def add(self, other: "Moves") -> None:
        """Adds the counts of another part."""
        self.before.update(other.before)
        self.leave.update(other.leave)
        self.come.update(other.come)


@dataclass(slots=True)
class Tally:
    """What was found. Each receipt is one of `unchanged`, `changed`, `undecidable` and `unreadable`.

    An undecidable one changes as well: more of its routes wait for information or the desk than before.
    """

    unchanged: int = 0
    changed: int = 0
    undecidable: int = 0
    unreadable: int = 0
    by: dict[str, Moves] = field(default_factory=lambda: {name: Moves() for name in BY})

    @property
    def receipts(self) -> int:
        """How many were looked at."""
        return self.unchanged + self.changed + self.undecidable + self.unreadable

    def add(self, other: "Tally") -> None:
        """Adds what was found in another part."""
        self.unchanged += other.unchanged
        self.changed += other.changed
        self.undecidable += other.undecidable
        self.unreadable += other.unreadable
        for name, moves in other.by.items():
            self.by[name].add(moves)

    def weigh(self, before: Sequence[Mark], after: Sequence[Mark]) -> list[Plain]:
        """Counts one receipt; gives what changes, by problem domain, nothing where all stays."""
        for name, key in BY.items():
            self.by[name].before.update(filter(None, map(key, before)))
        gone, new = ([], []) if before == after else _both_ways(before, after)
        if not gone and not new:
            self.unchanged += 1
            return []
        if _waiting(after) > _waiting(before):
            self.undecidable += 1
        else:
            self.changed += 1
        for name, key in BY.items():
            left, came = Counter(filter(None, map(key, gone))), Counter(filter(None, map(key, new)))
            self.by[name].leave.update(left - came)
            self.by[name].come.update(came - left)
        return list(_changes(gone, new))


def _both_ways(before: Sequence[Mark], after: Sequence[Mark]) -> tuple[list[Mark], list[Mark]]:
    return _differing(before, after), _differing(after, before)


def _differing(marks: Iterable[Mark], others: Iterable[Mark]) -> list[Mark]:
    """Those that the others do not have, in their order; of equal ones as many as there are too many."""
    left = Counter(mark.compared for mark in others)
    found = []
    for mark in marks:
        if left[mark.compared] > 0:
            left[mark.compared] -= 1
        else:
            found.append(mark)
    return found


def _waiting(marks: Iterable[Mark]) -> int:
    return sum(mark.outcome != "routed" for mark in marks)


def _changes(gone: list[Mark], new: list[Mark]) -> Iterator[Plain]:
    """What leaves beside what comes, one pair for each route, the domains in their order."""
    for domain in dict.fromkeys(mark.problem_domain for mark in (*gone, *new)):
        pairs = zip_longest(
            *([mark for mark in marks if mark.problem_domain == domain] for marks in (gone, new))
        )
        for before, after in pairs:
            yield {"problemDomain": domain, "before": shown(before), "after": shown(after)}
