"""Proof that the rules are complete and unambiguous: four stages, each gone through exhaustively.

The raw facts are beyond counting, so the proof is factored (QUALITY): what was told reduces to
readings (tested on their own); dates reduce to age brackets and law versions; provision, body,
receiver and consent are checked apart; and each stage must accept whatever the one before gives.
Values that no condition of a table tells apart stand for each other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from app.routing.check_bodies import check_bodies
from app.routing.check_receivers import check_consents, check_receivers
from app.routing.columns import COLUMNS
from app.routing.derive import need_is_asked
from app.routing.rule import Rule
from app.routing.rulebook import Rulebook
from app.routing.table import Table
from app.routing.vocabulary import PROBLEM_DOMAINS


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the proof: how many combinations were gone through, and each fault found."""

    name: str
    combinations: int
    faults: tuple[str, ...]


def check_rulebook(book: Rulebook, until: date) -> tuple[Stage, ...]:
    """All stages for every law version from the first rule to `until`; no faults means proved."""
    return (
        _stage("provision", check_provisions(book, until)),
        _stage("responsible body", check_bodies(book)),
        _stage("receiver", check_receivers(book)),
        _stage("consent", check_consents(book)),
    )


Found = Iterator[str | None]


def _stage(name: str, found: Found) -> Stage:
    gone_through = list(found)
    return Stage(name, len(gone_through), tuple(dict.fromkeys(fault for fault in gone_through if fault)))


def check_provisions(book: Rulebook, until: date) -> Found:
    """Every problem domain under every law version and every combination of its classes."""
    for domain in PROBLEM_DOMAINS:
        seen: set[tuple[str, ...]] = set()
        for day in (day for day in book.switch_days if day <= until):
            table = book.table(domain, day)
            version = tuple(rule.id for rule in table.rules)
            if version not in seen:
                seen.add(version)
                yield from _check_table(table, day)


def _check_table(table: Table, day: date) -> Found:
    won: set[str] = set()
    classes = _classes(table.rules)
    defaults = {name: column.values[0] for name, column in COLUMNS.items()}
    for combination in product(*classes.values()):
        values = {**defaults, **dict(zip(classes, combination, strict=True))}
        winners = table.winners(values)
        won.update(rule.id for rule in winners.values() if rule is not None)
        clashing = [limb for limb, rule in winners.items() if rule is None]
        if "main" not in winners and not need_is_asked(table.problem_domain, values["age"], values["need"]):
            yield f"gap: {table.problem_domain} from {day}: no rule for {_shown(classes, combination)}"
        elif clashing:
            yield f"clash: {table.problem_domain} from {day}: {clashing[0]}: {_clash(table, values)}"
        else:
            yield None
    for rule in table.rules:
        if rule.id not in won:
            yield f"never wins: {table.problem_domain} from {day}: {rule.id}"


def _classes(rules: tuple[Rule, ...]) -> dict[str, tuple[str, ...]]:
    """For each column that the rules read, one value out of those that no condition tells apart."""
    tests: dict[str, list[frozenset[str]]] = {}
    for rule in rules:
        for condition in rule.conditions:
            tests.setdefault(condition.column, []).append(condition.allowed)
    return {
        column: tuple(
            {tuple(v in test for test in told): v for v in reversed(COLUMNS[column].values)}.values()
        )
        for column, told in tests.items()
    }


def _shown(classes: Mapping[str, tuple[str, ...]], combination: tuple[str, ...]) -> str:
    return ", ".join(f"{column}={value}" for column, value in zip(classes, combination, strict=True))


def _clash(table: Table, values: Mapping[str, str]) -> str:
    holding = [rule for rule in table.rules if all(c.holds(values) for c in rule.conditions)]
    orders = [(rule.limb, rule.order) for rule in holding]
    return " and ".join(rule.id for rule in holding if orders.count((rule.limb, rule.order)) > 1)


def last_day_checked(book: Rulebook, years: int = 2) -> date:
    """How far ahead the proof goes: past the horizon, so that a rule that ends is seen to leave a gap."""
    return book.checked_until + timedelta(days=365 * years)
