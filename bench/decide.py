"""Deciding on one core: table lookups beside GoRules ZEN, and the whole of route()."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from statistics import median
from time import process_time
from typing import Any, Final, TypeVar

from app.reference import open_reference
from app.reference.demo import demo_directory
from app.routing import Directory, Facts, Rulebook, load_rulebook, route
from app.routing.columns import COLUMNS, TOLD
from app.routing.facts import Circumstances, Consent, Residence
from app.routing.table import Table
from bench.zen_table import LIMB, ZenTable

T = TypeVar("T")

ON: Final = date(2026, 5, 14)
DOMAINS: Final = ("absence_dropout", "family_parenting")
SAMPLES: Final = 4000
ROUNDS: Final = 7
# One round of each takes a few tenths of a second.
ZEN_REPEATS, LOOKUP_REPEATS, ROUTES = 3, 60, 3000


@dataclass(frozen=True, slots=True)
class Lookups:
    """Lookups per second in one domain's rules of the main limb: ours, ours when first asked, the engine's.

    `whole` is ours with the rules of all limbs and the warnings, as decisions ask it.
    """

    domain: str
    rules: int
    ours: float
    whole: float
    first_asked: float
    zen: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Routes:
    """Whole decisions per second."""

    rate: float
    domains: int
    routes: int


@dataclass(frozen=True, slots=True)
class Results:
    """Lookups in each of the domains, and whole decisions."""

    lookups: list[Lookups]
    routes: Routes


def measure() -> Results:
    """Both, whole decisions first: the engine leaves the memory otherwise than it found it."""
    routes = measure_routes()
    return Results([measure_lookups(name) for name in DOMAINS], routes)


def measure_lookups(domain: str, rounds: int = ROUNDS) -> Lookups:
    """Both tables on the same values in turn; raises RuntimeError where they do not agree."""
    whole = load_rulebook().table(domain, ON)
    table = Table(domain, tuple(rule for rule in whole.rules if rule.limb == LIMB), ())
    engine = ZenTable(table)
    readings, contexts = _questions(whole, engine)
    first_asked = _rate(whole.lookup, readings, 1)
    for asked in (whole, table):
        demand_agreement(asked, engine)
    rates = [
        (
            _rate(table.lookup, readings, LOOKUP_REPEATS),
            _rate(engine.lookup, contexts, ZEN_REPEATS),
            _rate(whole.lookup, readings, LOOKUP_REPEATS),
        )
        for _ in range(rounds)
    ]
    return Lookups(
        domain,
        len(table.rules),
        ours=median(ours for ours, _, _ in rates),
        whole=median(whole for _, _, whole in rates),
        first_asked=first_asked,
        zen=median(zen for _, zen, _ in rates),
        ratio=median(ours / zen for ours, zen, _ in rates),
    )


def measure_routes(rounds: int = ROUNDS) -> Routes:
    """Three domains, explanation in two languages, next change: everything a decision holds."""
    rulebook, directory = load_rulebook(), demo()
    cases = [_facts(day) for day in range(1, 29)]
    decision = route(cases[0], rulebook, directory, ON, ON)
    rates = [_rate(_decider(rulebook, directory), cases, ROUTES // len(cases)) for _ in range(rounds)]
    return Routes(median(rates), len(cases[0].problem_domains), len(decision.routes))


def demo() -> Directory:
    """The demo directory as a snapshot, with its connected organisations."""
    places = open_reference().places
    shown = demo_directory(places)
    return Directory(
        edition=1,
        places=places,
        teams=shown.teams,
        schools=shown.schools,
        agreements=shown.agreements,
        connected=frozenset(listed.code for listed in shown.organisations if listed.connected),
    )


def _questions(table: Table, engine: ZenTable) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Values at random, the same in every run, of all columns that the table reads: for ours, for theirs."""
    chance = random.Random(1)  # noqa: S311  no secret
    columns = dict.fromkeys((*table.columns, "address"))
    told = [{column: chance.choice(COLUMNS[column].values) for column in columns} for _ in range(SAMPLES)]
    # Both sides find the same few texts in memory, as the values of a case that was just read are.
    marked = {value: TOLD + value for column in columns for value in COLUMNS[column].values}
    readings = [{column: marked[value] for column, value in values.items()} for values in told]
    return readings, [engine.context(values) for values in told]


def demand_agreement(table: Table, engine: ZenTable) -> None:
    """Raises RuntimeError at the first input to which both name another rule."""
    for told, context in zip(*_questions(table, engine), strict=True):
        ours = {match.limb: match.rule and match.rule.id for match in table.lookup(told).matches}.get(LIMB)
        if ours != engine.winner(context):
            raise RuntimeError(f"{table.problem_domain}: {ours} and {engine.winner(context)} for {context}")


def _decider(rulebook: Rulebook, directory: Directory) -> Callable[[Facts], object]:
    return lambda facts: route(facts, rulebook, directory, ON, ON)


def _facts(day: int) -> Facts:
    """A student who turns 18 within the month: three domains, of which the law changes on that day."""
    return Facts(
        problem_domains=("mental_health", "debts", "absence_dropout"),
        support_variant="own_neighbourhood",
        birth_date=date(2008, 6, day),
        home_municipality="0166",
        pc4="8261",
        pc4_municipalities=("0166",),
        school_brin="00ZZ",
        core_municipality="0193",
        residence=Residence(status="registered"),
        circumstances=Circumstances(youth_help=None, enrolment="bol", start_qualification=False),
        consents=(Consent(given_by="student", given_on=date(2026, 5, 13), purpose="referral"),),
    )


def _rate(ask: Callable[[T], object], questions: list[T], repeats: int) -> float:
    """Questions answered per second of processor time: what else runs on the machine takes none of it."""
    started = process_time()
    for _ in range(repeats):
        for question in questions:
            ask(question)
    return repeats * len(questions) / (process_time() - started)
