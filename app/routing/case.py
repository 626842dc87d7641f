"""One case on one day: facts, law and directory together, and the routes drafted from them.

A draft holds what decides a route and nothing that only explains it, so that the same steps serve
the decision of today and the look at a later day.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.routing.decision import Outcome
from app.routing.derive import Readings, age_in_years, derive, for_domain, readings_of_day
from app.routing.directory import Directory
from app.routing.facts import Facts, ProblemDomain
from app.routing.receiving import Addressee, Receiving, receiving
from app.routing.residence import SWITCH_DAYS, Body, resident, responsible_body
from app.routing.rulebook import Rulebook
from app.routing.table import Answer, Match

# Routes that nothing may hold back (CONTRACT 3).
SAFETY_PROVISIONS: Final = ("emergency", "vt")


@dataclass(frozen=True, slots=True)
class Case:
    """The facts as they stand on a day; `read_for` is the day the directory is read for."""

    facts: Facts
    rulebook: Rulebook
    directory: Directory
    on: date
    read_for: date
    core: str | None
    age: int | None
    readings: Readings
    contradictions: frozenset[str]

    @property
    def surroundings(self) -> tuple[object, ...]:
        """What a route depends on beside its table's answer and facts that no day changes."""
        return (
            bisect_right(SWITCH_DAYS, self.on),
            self.minor,
            self.age if self.directory.reads_age else None,
            self.directory.period(self.read_for, self.core),
        )

    @property
    def minor(self) -> bool:
        """Whether the student is known to be under 18."""
        return self.age is not None and self.age < 18

    def on_day(self, on: date) -> "Case":
        """The same case on a later day."""
        return replace(
            self,
            on=on,
            read_for=max(on, self.read_for),
            age=age_in_years(self.facts, on),
            readings={**self.readings, **readings_of_day(self.facts, on)},
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """What decides one route: the rule that won, the body, the receivers, and what holds it back."""

    problem_domain: ProblemDomain
    match: Match
    outcome: Outcome
    body: Body | None
    receiving: Receiving
    contradiction: str | None

    @property
    def signature(self) -> tuple[str | None, ...]:
        """What `nextChange` compares: provision, responsible body, primary receiver, outcome."""
        rule, body = self.match.rule, self.body
        first = next((r for r in self.receiving.receivers if r.role == "primary"), None)
        shown = rule if self.outcome != "needs_information" else None
        return (
            shown.provision if shown else None,
            body.municipality if body else None,
            f"{first.kind} {first.team_id}" if first else None,
            self.outcome,
        )


@dataclass(frozen=True, slots=True)
class DomainDraft:
    """All that one problem domain gives: the table's answer, its readings and the routes drafted."""

    problem_domain: ProblemDomain
    answer: Answer
    readings: Readings
    drafts: tuple[Draft, ...]


def open_case(facts: Facts, rulebook: Rulebook, directory: Directory, on: date, today: date) -> Case:
    """The case on the reference date, with the contradictions between its facts found."""
    read_for = max(on, today)
    school = directory.school(facts.school_brin, read_for) if facts.school_brin else None
    core = facts.core_municipality or (school.core_municipality if school else None)
    age, home, touched = age_in_years(facts, on), facts.home_municipality, facts.pc4_municipalities
    found = {
        "postcode": bool(home and touched and home not in touched),
        "age": facts.age_years not in (None, age),
        "core": school is not None and facts.core_municipality not in (None, school.core_municipality),
    }
    contradictions = frozenset(kind for kind, holds in found.items() if holds)
    return Case(facts, rulebook, directory, on, read_for, core, age, derive(facts, on), contradictions)


def draft_domains(case: Case) -> tuple[DomainDraft, ...]:
    """The drafts of every problem domain, in the order in which the domains were asked."""
    return tuple(_draft_domain(case, domain) for domain in case.facts.problem_domains)


class Later:
    """A case on later days: each day is drafted once, and only what that day concerns."""

    def __init__(self, case: Case, drafted: tuple[DomainDraft, ...]) -> None:
        self.case = case
        self.drafted = drafted
        self._days: dict[date, tuple[DomainDraft, ...]] = {}

    def on(self, day: date) -> tuple[DomainDraft, ...]:
        """The drafts of a day; those that nothing of that day concerns are the very same as today's."""
        known = self._days.get(day)
        if known is None:
            then = self.case.on_day(day)
            same = then.surroundings == self.case.surroundings
            known = self._days[day] = tuple(_redraft(then, before, same=same) for before in self.drafted)
        return known


def _redraft(case: Case, before: DomainDraft, *, same: bool) -> DomainDraft:
    readings = for_domain(case.readings, case.facts, before.problem_domain)
    answer = case.rulebook.table(before.problem_domain, case.on).lookup(readings)
    if same and answer.gives == before.answer.gives:
        return before
    return _drafted(case, before.problem_domain, readings, answer)


def _draft_domain(case: Case, domain: ProblemDomain) -> DomainDraft:
    readings = for_domain(case.readings, case.facts, domain)
    answer = case.rulebook.table(domain, case.on).lookup(readings)
    return _drafted(case, domain, readings, answer)


def _drafted(case: Case, domain: ProblemDomain, readings: Readings, answer: Answer) -> DomainDraft:
    unsafe = domain == "safety_violence" or readings["acute"] == "=yes"
    drafts = tuple(_draft(case, domain, match, unsafe=unsafe) for match in answer.matches)
    return DomainDraft(domain, answer, readings, drafts)


def _draft(case: Case, domain: ProblemDomain, match: Match, *, unsafe: bool) -> Draft:
    rule = match.rule
    if rule is None:
        held_back: Outcome = "needs_information" if match.held_back == "needs_information" else "needs_triage"
        return Draft(domain, match, held_back, None, Receiving(), None)
    told = (case.facts, case.core, case.on)
    body = responsible_body(rule.provision, rule.residence, *told, minor=case.minor)
    if body.asks is not None:
        return Draft(domain, match, "needs_information", body, Receiving(), None)
    found = receiving(rule, _addressee(case, domain, body, unsafe=unsafe), case.directory)
    contradiction = next(_contradictions(case, rule.provision, body, found), None)
    outcome: Outcome = "routed"
    if found.ambiguous:
        outcome = "needs_triage"
    if found.asks is not None or contradiction is not None:
        outcome = "needs_information"
    return Draft(domain, match, outcome, body, found, contradiction)


def _addressee(case: Case, domain: ProblemDomain, body: Body, *, unsafe: bool) -> Addressee:
    facts = case.facts
    home = body.municipality or resident(facts, case.core, "").municipality
    variant = "own_neighbourhood" if unsafe else facts.support_variant
    return Addressee(
        home=home,
        core=case.core,
        variant=variant,
        school=facts.school_brin,
        location=facts.school_location,
        pc4=facts.pc4,
        age=case.age,
        problem_domain=domain,
        day=case.read_for,
    )


def _contradictions(case: Case, provision: str, body: Body, found: Receiving) -> Iterator[str]:
    """The contradictions that concern a route; safety is never held back by one."""
    if provision in SAFETY_PROVISIONS:
        return
    if "age" in case.contradictions:
        yield "age"
    home = case.facts.home_municipality
    if "postcode" in case.contradictions and home is not None and body.municipality == home:
        yield "postcode"
    kinds = {receiver.kind for receiver in found.receivers}
    at_core = not kinds.isdisjoint(("municipal_youth_team", "mbo_onsite_team"))
    if "core" in case.contradictions and at_core:
        yield "core"
