"""One problem domain's rules as a table: readings in, the winning rules with their trace out.

An answer is worked out once for each combination of readings and kept; every column has a closed
list of values (`columns.py`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from app.routing.columns import BLOCKING, COLUMNS, HIDDEN_BY_AGE, PRESUMED, TOLD, asked_by
from app.routing.conditions import Values
from app.routing.decision import DerivedFact, NotChosen
from app.routing.rule import LIMBS, Note, Rule


@dataclass(frozen=True, slots=True)
class Match:
    """The rule that won in one limb and why, or none where a question or a clash holds it back.

    `held_back` is the outcome then (`needs_information`, `needs_triage`). `presumed` are the facts
    that nobody told and that it rests on, `depends` those of them that would change it; all are paths
    in the request.
    """

    limb: str
    rule: Rule | None
    held_back: str | None
    presumed: tuple[str, ...]
    depends: tuple[str, ...]
    derived: tuple[DerivedFact, ...]
    not_chosen: tuple[NotChosen, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A fact in doubt of which another value would give another answer; `fact` is its path."""

    fact: str
    blocking: bool
    provisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a table says to one combination of readings; `gives` is what routes depend on of it."""

    matches: tuple[Match, ...]
    doubts: tuple[Doubt, ...]
    gives: tuple[tuple[str, Rule | None, str | None], ...]


Winners = dict[str, Rule | None]

_BLOCKING: Final = (BLOCKING, HIDDEN_BY_AGE)
# Real cases are few and alike; a client that sends every combination must not fill the memory.
_KEPT_AT_MOST: Final = 20_000


class Table:
    """The rules of one problem domain under one law version."""

    def __init__(self, problem_domain: str, rules: tuple[Rule, ...], notes: tuple[Note, ...]) -> None:
        self.problem_domain = problem_domain
        self.rules = tuple(sorted(rules, key=lambda rule: rule.order))
        self.notes = notes
        self._limbs = {limb: tuple(r for r in self.rules if r.limb == limb) for limb in LIMBS}
        read = {condition.column for rule in rules for condition in rule.conditions}
        read |= {condition.column for note in notes for condition in note.conditions or ()}
        self.columns = tuple(column for column in COLUMNS if column in read | {"age"})
        # Twice keeps the key a tuple where a table reads a single column.
        read_twice = self.columns if len(self.columns) > 1 else self.columns * 2
        self._key: Callable[[Values], tuple[str, ...]] = itemgetter(*read_twice)
        self._answers: dict[tuple[str, ...], Answer] = {}

    def lookup(self, readings: Values) -> Answer:
        """The answer to marked readings of at least this table's columns."""
        key = self._key(readings)
        try:
            return self._answers[key]
        except KeyError:
            return self._keep(key)

    def _keep(self, key: tuple[str, ...]) -> Answer:
        if len(self._answers) >= _KEPT_AT_MOST:
            self._answers.clear()
        answer = self._answers[key] = self._work_out(dict(zip(self.columns, key, strict=False)))
        return answer

    def winners(self, values: Values) -> Winners:
        """For each limb the first rule whose conditions hold; None marks a clash of equals."""
        found: Winners = {}
        for limb, rules in self._limbs.items():
            holding = [rule for rule in rules if all(c.holds(values) for c in rule.conditions)]
            if holding:
                clash = len(holding) > 1 and holding[0].order == holding[1].order
                found[limb] = None if clash else holding[0]
        return found

    def _work_out(self, readings: Mapping[str, str]) -> Answer:
        values = {column: reading[1:] for column, reading in readings.items()}
        marks = {column: reading[0] for column, reading in readings.items() if reading[0] != TOLD}
        winners = self.winners(values)
        doubts, changed = [], {}
        for column, mark in marks.items():
            others = [self.winners({**values, column: other}) for other in self._others(column, values)]
            limbs = {limb for limb in self._limbs for other in others if _differ(limb, winners, other)}
            if limbs:
                fact, blocking = asked_by(column, mark, self.problem_domain), mark in _BLOCKING
                doubts.append(Doubt(fact, blocking, _provisions(limbs, winners, *others)))
                changed[column] = limbs
        blocked = {limb for column, limbs in changed.items() if marks[column] in _BLOCKING for limb in limbs}
        limbs_shown = [limb for limb in self._limbs if limb in winners or limb in blocked]
        matches = tuple(
            self._match(limb, winners, limb in blocked, values, marks, changed) for limb in limbs_shown
        ) or (_nothing("main"),)
        gives = tuple((match.limb, match.rule, match.held_back) for match in matches)
        return Answer(matches, tuple(doubts), gives)

    def _others(self, column: str, values: Values) -> Iterator[str]:
        return (other for other in COLUMNS[column].values if other != values[column])

    def _match(
        self,
        limb: str,
        winners: Winners,
        blocked: bool,
        values: Values,
        marks: Mapping[str, str],
        changed: Mapping[str, set[str]],
    ) -> Match:
        rule = winners.get(limb)
        if blocked or rule is None:
            return _nothing(limb, "needs_information" if blocked else "needs_triage")
        own = {condition.column for condition in rule.conditions}
        depends = [column for column in marks if limb in changed.get(column, ())]
        presumed = [column for column in marks if column in own or column in depends]
        notes = tuple(note for note in self.notes if _raised(note, rule, values))
        return Match(
            limb,
            rule,
            None,
            self._paths(presumed),
            self._paths(depends),
            tuple(_derived(column, values[column]) for column in sorted(own) if COLUMNS[column].derived_from),
            tuple(self._not_chosen(rule, values)),
            notes,
        )

    def _paths(self, columns: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(asked_by(column, PRESUMED, self.problem_domain) for column in columns))

    def _not_chosen(self, winner: Rule, values: Values) -> Iterator[NotChosen]:
        for rule in self._limbs[winner.limb]:
            failed = next((c for c in rule.conditions if not c.holds(values)), None)
            if failed is not None:
                yield NotChosen(rule.id, failed.opposite)
            elif rule is not winner:
                yield NotChosen(rule.id, f"after:{winner.id}")


def _nothing(limb: str, held_back: str = "needs_triage") -> Match:
    return Match(limb, None, held_back, (), (), (), (), ())


def _derived(column: str, value: str) -> DerivedFact:
    return DerivedFact(column, value, COLUMNS[column].derived_from)


def _differ(limb: str, winners: Winners, other: Winners) -> bool:
    """Whether a limb's answer differs in what it gives, not merely in the rule that gives it."""
    one, two = winners.get(limb), other.get(limb)
    if one is None or two is None:
        return one is not two
    return (one.provision, one.receivers, one.residence) != (two.provision, two.receivers, two.residence)


def _provisions(limbs: set[str], *all_winners: Winners) -> tuple[str, ...]:
    rules = (winners.get(limb) for winners in all_winners for limb in limbs)
    return tuple(dict.fromkeys(sorted(rule.provision for rule in rules if rule is not None)))


def _raised(note: Note, rule: Rule, values: Values) -> bool:
    if note.provisions and rule.provision not in note.provisions:
        return False
    return all(condition.holds(values) for condition in note.conditions or ())
