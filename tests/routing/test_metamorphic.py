"""What must hold for any facts: order and irrelevant facts change nothing, answers and days agree."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from app.routing import Decision, Directory, Facts, Rulebook, route, routes_of
from app.routing.decision import Route
from app.routing.facts import ABSENT, Circumstances, ProblemDomain, Residence, YouthHelp
from app.routing.plain import facts_from, to_plain

TODAY: Final = date(2026, 9, 1)
DOMAINS: Final = get_args(ProblemDomain)
# Zwolle and around it: with an agreement, without one, and with a school of its own.
PLACES: Final = ("0193", "0177", "0166", "0153", "0168")
PLACED: Final = st.sampled_from(PLACES)
DAYS: Final = st.dates(date(2004, 1, 1), date(2027, 6, 1))
NUMBERS: Final = {
    "absence_hours_in_four_weeks": st.integers(0, 168),
    "absence_weeks": st.integers(0, 52),
    "school_years_completed": st.integers(0, 20),
    "partner_age": st.integers(16, 99),
    "birth_year": st.integers(1990, 2026),
    "age_years": st.integers(10, 40),
}


def built(kind: Any, **own: Any) -> Any:
    """Values of a dataclass of the facts, each field told, none or absent as its type allows."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{f.name: own.get(f.name, _field(f.name, hints[f.name])) for f in fields(kind)})


def _field(name: str, hint: Any) -> Any:
    if name in NUMBERS:
        return _or_untold(hint, NUMBERS[name])
    if "municipality" in name or name == "recipients":
        return _or_untold(hint, st.lists(PLACED).map(tuple) if name == "recipients" else PLACED)
    parts = [arg for arg in get_args(hint) if is_dataclass(arg)]
    return _or_untold(hint, built(parts[0])) if parts else st.from_type(hint)


def _or_untold(hint: Any, values: Any) -> Any:
    untold = [st.none()] * (type(None) in get_args(hint))
    return st.one_of(values, *untold, *[st.just(ABSENT)] * ("Absent" in str(hint)))


HELP: Final = built(YouthHelp, **dict.fromkeys(("started_on", "ended_on", "need_established_on"),
                                               st.none() | DAYS | st.just(ABSENT)))  # fmt: skip
CIRCUMSTANCES: Final = built(
    Circumstances,
    youth_help=st.just(ABSENT) | st.none() | st.lists(HELP, max_size=3).map(tuple),
    children=st.just(ABSENT) | st.none(),
    acute_danger=st.sampled_from((ABSENT, ABSENT, ABSENT, None, False, True)),
)
RESIDENCE: Final = built(Residence, moved_on=st.just(ABSENT) | DAYS)
FACTS: Final = st.builds(
    Facts,
    problem_domains=st.lists(st.sampled_from(DOMAINS), min_size=1, max_size=4, unique=True).map(tuple),
    support_variant=st.sampled_from(("own_neighbourhood", "municipal_youth_team", "mbo_as_neighbourhood")),
    birth_date=st.dates(date(1997, 1, 1), date(2012, 12, 31)),
    home_municipality=PLACED,
    core_municipality=st.sampled_from(("0193", "0153")),
    residence=RESIDENCE,
    circumstances=CIRCUMSTANCES,
    consents=st.just(()),
)
# Plain cases: little is told, so that most routes go out.
PLAIN: Final = st.builds(
    replace,
    FACTS,
    residence=st.builds(Residence, status=st.just("registered")),
    circumstances=st.builds(
        Circumstances,
        youth_help=st.just(ABSENT) | st.none() | st.lists(HELP, max_size=2).map(tuple),
        enrolment=st.sampled_from((ABSENT, "bol", "bbl", "none")),
        criminal_measure=st.sampled_from((ABSENT, None, "juvenile_law")),
        pregnant=st.booleans(),
        children=st.none(),
    ),
)
REFERENCE_DAYS: Final = st.dates(date(2018, 1, 1), date(2027, 9, 1))
Decide = Callable[[Facts, date], Decision]
SLOWLY: Final = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="session")
def decided(book: Rulebook, demo: Directory) -> Decide:
    return lambda facts, on: route(facts, book, demo, on, TODAY)


def what(routes: tuple[Route, ...]) -> set[tuple[Any, ...]]:
    """What a person would call the answer: whatever does not merely explain it."""
    return {
        (
            r.problem_domain,
            r.outcome,
            r.provision,
            r.rule and r.rule.id,
            r.responsible,
            r.receivers,
            r.consent,
        )
        for r in routes
    }


@given(facts=FACTS)
@SLOWLY
def test_facts_survive_the_way_through_json(facts: Facts) -> None:
    assert facts_from(json.loads(json.dumps(to_plain(facts)))) == facts


@given(facts=FACTS, on=REFERENCE_DAYS)
@SLOWLY
def test_the_same_facts_give_the_same_bytes_again(facts: Facts, on: date, decided: Decide) -> None:
    replayed = facts_from(json.loads(json.dumps(to_plain(facts))))
    assert json.dumps(to_plain(decided(facts, on))) == json.dumps(to_plain(decided(replayed, on)))


@given(facts=FACTS, on=REFERENCE_DAYS)
@SLOWLY
def test_the_routes_alone_are_those_of_the_whole_decision(
    facts: Facts, on: date, decided: Decide, book: Rulebook, demo: Directory
) -> None:
    assert routes_of(facts, book, demo, on, TODAY) == decided(facts, on).routes


@given(facts=FACTS, on=REFERENCE_DAYS)
@SLOWLY
def test_every_domain_has_an_answer_or_a_question(facts: Facts, on: date, decided: Decide) -> None:
    decision = decided(facts, on)
    assert {r.problem_domain for r in decision.routes} == set(facts.problem_domains)
    blocking = {d.problem_domain for q in decision.questions if q.blocking for d in q.decides}
    for shown in decision.routes:
        assert shown.explanation.nl
        assert shown.explanation.en
        assert shown.outcome != "needs_triage"  # the demo's teams are never equally close
        if shown.outcome == "routed":
            primaries = [r for r in shown.receivers if r.role == "primary"]
            assert len(primaries) == (shown.provision != "none")
        elif shown.outcome == "needs_information":
            assert shown.problem_domain in blocking
            assert shown.provision not in ("emergency", "vt")


@given(facts=FACTS, on=REFERENCE_DAYS, random=st.randoms())
@SLOWLY
def test_the_order_of_the_domains_changes_no_route(
    facts: Facts, on: date, random: Any, decided: Decide
) -> None:
    shuffled = list(facts.problem_domains)
    random.shuffle(shuffled)
    again = decided(replace(facts, problem_domains=tuple(shuffled)), on)
    assert what(again.routes) == what(decided(facts, on).routes)


@given(facts=FACTS, on=REFERENCE_DAYS)
@SLOWLY
def test_a_domain_s_routes_do_not_depend_on_the_other_domains(
    facts: Facts, on: date, decided: Decide
) -> None:
    # A safe place belongs to housing when that is asked too (CONTRACT 2).
    assume(facts.circumstances.safe_place_needed in (ABSENT, None, False))
    together = what(decided(facts, on).routes)
    alone = [decided(replace(facts, problem_domains=(domain,)), on) for domain in facts.problem_domains]
    assert set().union(*(what(decision.routes) for decision in alone)) == together


# facts that a domain does not read
IRRELEVANT: Final[dict[str, dict[str, Any]]] = {
    "learning": {"pregnant": True, "youth_help": None, "criminal_measure": "juvenile_law", "homeless": True},
    "debts": {"youth_help": None, "pregnant": True, "enrolment": "bbl", "lasting_need_for_care": True},
    "income": {"pregnant": True, "homeless": True, "absence_weeks": 9, "youth_help": None},
    "absence_dropout": {"pregnant": True, "youth_help": None, "wajong": True, "student_finance": False},
    "social_network": {"absence_weeks": 9, "start_qualification": True, "wajong": True, "pregnant": True},
    "justice": {
        "absence_weeks": 9,
        "student_finance": False,
        "homeless": True,
        "insured_in_netherlands": False,
    },
    "physical_health": {"absence_weeks": 9, "start_qualification": True, "youth_help": None},
}


@pytest.mark.parametrize("domain", IRRELEVANT)
@given(facts=FACTS, on=REFERENCE_DAYS)
@settings(SLOWLY, max_examples=20)
def test_an_irrelevant_fact_changes_no_route(
    domain: ProblemDomain, facts: Facts, on: date, decided: Decide
) -> None:
    facts = replace(facts, problem_domains=(domain,))
    more = replace(facts, circumstances=replace(facts.circumstances, **IRRELEVANT[domain]))
    assert what(decided(more, on).routes) == what(decided(facts, on).routes)


def signature(decision: Decision) -> list[str]:
    """What `nextChange` watches: provision, responsible municipality, primary receiver, outcome."""
    return sorted(
        f"{r.problem_domain} {r.outcome} {r.provision if r.outcome != 'needs_information' else None}"
        f" {r.responsible and r.responsible.municipality}"
        f" {next(((x.kind, x.team_id) for x in r.receivers if x.role == 'primary'), None)}"
        for r in decision.routes
    )


@given(facts=st.one_of(FACTS, PLAIN), on=REFERENCE_DAYS)
@settings(SLOWLY, max_examples=100)
def test_the_next_change_is_on_its_day_and_not_the_day_before(
    facts: Facts, on: date, decided: Decide
) -> None:
    now = decided(facts, on)
    assume(now.next_change is not None)
    assert now.next_change is not None
    day = now.next_change.on
    assert signature(decided(facts, day - timedelta(days=1))) == signature(now)
    assert signature(decided(facts, day)) != signature(now)


@given(facts=st.one_of(FACTS, PLAIN), on=REFERENCE_DAYS, days=st.integers(1, 4000))
@settings(SLOWLY, max_examples=100)
def test_before_the_next_change_nothing_changes(facts: Facts, on: date, days: int, decided: Decide) -> None:
    now = decided(facts, on)
    day = on + timedelta(days=days)
    change = now.next_change
    assert facts.birth_date is not None
    horizon = facts.birth_date.replace(day=1, year=facts.birth_date.year + 28)
    assume(day < (change.on if change else horizon))
    assert signature(decided(facts, day)) == signature(now)


# how a blocking question is answered
ANSWERS: Final[dict[str, list[Any]]] = {
    "circumstances.youthHelp": [
        None, (YouthHelp(type="pedagogical", started_on=date(2010, 1, 1), ongoing=True),),
    ],
    "circumstances.criminalMeasure": [None, "juvenile_law", "adult_probation"],
    "circumstances.pregnant": [True, False],
    "residence.previousMunicipality": ["0166"],
    "residence.motherMunicipalityAtBirth": ["0166"],
    "residence.parentsMunicipality": ["0166"],
    "residence.actualStayMunicipality": ["0166"],
}  # fmt: skip


@given(facts=FACTS, on=REFERENCE_DAYS, data=st.data())
@SLOWLY
def test_a_blocking_question_disappears_when_answered(
    facts: Facts, on: date, data: st.DataObject, decided: Decide
) -> None:
    before = decided(facts, on)
    asked = [q for q in before.questions if q.blocking and q.fact in ANSWERS]
    assume(asked)
    question = data.draw(st.sampled_from(asked))
    answer = data.draw(st.sampled_from(ANSWERS[question.fact]))
    after = decided(answered(facts, question.fact, answer), on)
    assert question.fact not in {q.fact for q in after.questions if q.blocking}
    announced = {(d.problem_domain, p) for d in question.decides for p in d.provisions}
    known = {(r.problem_domain, r.provision) for r in before.routes if r.outcome == "routed"}
    domains = {d.problem_domain for d in question.decides}
    found = {(r.problem_domain, r.provision) for r in after.routes if r.outcome == "routed"}
    others = {(d.problem_domain, p) for q in before.questions for d in q.decides for p in d.provisions}
    assert {pair for pair in found if pair[0] in domains} <= announced | known | others


def answered(facts: Facts, fact: str, answer: Any) -> Facts:
    group, _, name = fact.partition(".")
    field = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
    part: Any = getattr(facts, group)
    return replace(facts, **{group: replace(part, **{field: answer})})
