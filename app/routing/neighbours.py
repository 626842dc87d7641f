"""The rules beside a rule: asked before or after it, and its versions of before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.routing.rule import Rule
from app.routing.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Ids of rules of the same problem domain and limb.

    `before` and `after` are the next in order that are in force on some same day; `earlier` and
    `later` those that ended the day before it began, and begin the day after it ends.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    earlier: tuple[str, ...]
    later: tuple[str, ...]


def neighbours_of(book: Rulebook, rule: Rule) -> Neighbours:
    """The neighbours of a rule, for whoever reads or changes it."""
    others = [other for other in book.rules if other is not rule and _same_place(other, rule)]
    beside = [other for other in others if _overlap(other, rule)]
    return Neighbours(
        before=tuple(_nearest((o for o in beside if o.order < rule.order), last=True)),
        after=tuple(_nearest((o for o in beside if o.order > rule.order), last=False)),
        earlier=tuple(o.id for o in others if _next_day(o.valid_to) == rule.valid_from),
        later=tuple(o.id for o in others if _next_day(rule.valid_to) == o.valid_from),
    )


def _same_place(one: Rule, two: Rule) -> bool:
    return one.limb == two.limb and not set(one.problem_domains).isdisjoint(two.problem_domains)


def _overlap(one: Rule, two: Rule) -> bool:
    end = date.max
    return one.valid_from <= (two.valid_to or end) and two.valid_from <= (one.valid_to or end)


def _nearest(rules: Iterator[Rule], *, last: bool) -> Iterator[str]:
    """Those of the order nearest to the rule's own."""
    listed = list(rules)
    if not listed:
        return
    nearest = (max if last else min)(rule.order for rule in listed)
    yield from (rule.id for rule in listed if rule.order == nearest)


def _next_day(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None
