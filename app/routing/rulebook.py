"""The rulebook: all rules by problem domain and day, with their words, known by its hash."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from app.routing.decision import RulebookReference, Text
from app.routing.rule import Note, OpenPoint, Rule, Term
from app.routing.table import Table

_NEEDS: Final = "circumstances.needs."
# Far more sentences than a region's teams and places make.
_KEPT_AT_MOST: Final = 50_000


@dataclass(frozen=True)
class Rulebook:
    """All rules of all acts with their words, known by the SHA-256 of its files."""

    version: str
    checked_until: date
    hash: str
    files: Mapping[str, str]
    rules: tuple[Rule, ...]
    notes: tuple[Note, ...]
    terms: Mapping[str, Term]
    words: Mapping[str, Mapping[str, Text]]
    open_points: tuple[OpenPoint, ...]

    @cached_property
    def reference(self) -> RulebookReference:
        """What a decision says of the rulebook it was made with."""
        return RulebookReference(self.version, self.hash, self.checked_until)

    @cached_property
    def switch_days(self) -> tuple[date, ...]:
        """The days on which a rule or note starts, or has just ended, in order."""
        dated: tuple[Rule | Note, ...] = (*self.rules, *self.notes)
        starts = {item.valid_from for item in dated if item.valid_from}
        ends = {item.valid_to + timedelta(days=1) for item in dated if item.valid_to}
        return tuple(sorted(starts | ends))

    @cached_property
    def _tables(self) -> dict[tuple[str, int], Table]:
        return {}

    @cached_property
    def _phrases(self) -> dict[tuple[str, ...], Text]:
        return {}

    def phrase(self, key: tuple[str, ...], put_together: Callable[[], Text]) -> Text:
        """A sentence that comes back again and again: put together once, known by what it is made of."""
        phrase = self._phrases.get(key)
        if phrase is None:
            if len(self._phrases) >= _KEPT_AT_MOST:
                self._phrases.clear()
            phrase = self._phrases[key] = put_together()
        return phrase

    @cached_property
    def notes_by_code(self) -> Mapping[str, Note]:
        """Every warning that can be raised, by code."""
        return {note.code: note for note in reversed(self.notes)}

    def table(self, problem_domain: str, on: date) -> Table:
        """The decision table of one problem domain under the law of one day."""
        key = (problem_domain, bisect_right(self.switch_days, on))
        table = self._tables.get(key)
        if table is None:
            rules = tuple(r for r in self.rules if problem_domain in r.problem_domains and r.in_force_on(on))
            notes = tuple(n for n in self.notes if n.in_force_on(on) and _concerns(n, problem_domain, rules))
            table = self._tables[key] = Table(problem_domain, rules, notes)
        return table

    def question(self, fact: str) -> Text:
        """The question that asks for a fact; a need is asked in one way for all domains."""
        return self.words["question"]["circumstances.needs" if fact.startswith(_NEEDS) else fact]

    def word(self, group: str, name: str) -> Text:
        """The Dutch and English word for a code, such as `("provision", "jw")`."""
        return self.words[group][name]


def _concerns(note: Note, problem_domain: str, rules: Iterable[Rule]) -> bool:
    """Whether a note can be raised by its conditions at a route of this domain."""
    if note.conditions is None or (note.problem_domains and problem_domain not in note.problem_domains):
        return False
    return not note.provisions or any(rule.provision in note.provisions for rule in rules)
