"""What a rule, a warning and a term of the rulebook are, and on which days they are in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.routing.conditions import Condition
from app.routing.decision import Citation, Confidence, Role, Text

# The limbs of one answer, in the order in which a reader should see them. Within a limb exactly one
# rule wins; `main` always has one.
LIMBS: Final = ("emergency", "main", "help", "care", "own_need")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One dated, cited rule: under these conditions, for these problems, this provision applies.

    In force from `valid_from` to `valid_to`, both inclusive. `order` is its place among the rules of
    its limb: the first whose conditions hold wins. `residence` names another person's residence
    (`child`, `care_recipient`) where the student's own does not decide.
    """

    id: str
    act: str
    legal_framework: str
    provision: str
    limb: str
    problem_domains: tuple[str, ...]
    conditions: tuple[Condition, ...]
    order: int
    valid_from: date
    valid_to: date | None
    confidence: Confidence
    citations: tuple[Citation, ...]
    receivers: tuple[tuple[Role, str], ...]
    residence: str | None
    consent: str | None
    warnings: tuple[str, ...]
    deadlines: tuple[str, ...]
    because: Text
    example: Mapping[str, str]
    counterexample: Mapping[str, str]

    @property
    def when(self) -> tuple[str, ...]:
        """The conditions in the words of the rule file, such as `age.under:18`."""
        return tuple(condition.text for condition in self.conditions)

    def in_force_on(self, day: date) -> bool:
        """Whether the day lies in the rule's validity."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A warning that the rules raise: its code, its text, and where and when it applies.

    Empty `problem_domains` or `provisions` mean all; a note without `raised` conditions is raised by
    name only, from a rule or from the program. `on` names a date that the program fills in, `deadline`
    a term that comes with the warning.
    """

    code: str
    text: Text
    problem_domains: tuple[str, ...]
    provisions: tuple[str, ...]
    conditions: tuple[Condition, ...] | None
    valid_from: date | None
    valid_to: date | None
    on: str | None
    deadline: str | None

    def in_force_on(self, day: date) -> bool:
        """Whether the day lies in the note's validity."""
        starts = self.valid_from is None or self.valid_from <= day
        return starts and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Term:
    """A term of LAW 11.1: how many days of which unit, and what it rests on."""

    days: int
    unit: Literal["calendar", "working"]
    basis: str


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A point of LAW 14 that is not confirmed: what would change, how to check, which rules rest on it."""

    number: int
    text: str
    effect: str
    check: str
    rules: tuple[str, ...]
