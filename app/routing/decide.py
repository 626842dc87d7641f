"""route(): the steps of LAW 10 in order, from facts to a decision with its reasons."""

from datetime import date
from typing import Final

from app.routing.case import Case, DomainDraft, Later, draft_domains, open_case
from app.routing.deadlines import deadlines_of
from app.routing.decision import (
    Age,
    Contradiction,
    Coordinator,
    Decision,
    DirectoryReference,
    Outcome,
    Route,
)
from app.routing.directory import Directory
from app.routing.facts import Facts
from app.routing.next_change import next_change
from app.routing.questions import questions_of
from app.routing.rulebook import Rulebook
from app.routing.shape import explanation_of, shape_route
from app.routing.warnings import warnings_of

_WORST_LAST: Final[tuple[Outcome, ...]] = ("routed", "needs_information", "needs_triage")
_CONTRADICTING: Final = {
    "age": ("student.age", "student.birthDate"),
    "core": ("school.brin", "school.coreMunicipality"),
    "postcode": ("homeMunicipality", "student.postcode"),
}


def route(facts: Facts, rulebook: Rulebook, directory: Directory, on: date, today: date) -> Decision:
    """Decide per problem domain which act applies, whose task it is and who receives it, and why.

    `on` is the reference date for which the law is read; the directory is read for `on` or `today`,
    whichever is later. The same arguments always give an equal decision (CONTRACT 3, LAW 10).
    """
    case = open_case(facts, rulebook, directory, on, today)
    domains = draft_domains(case)
    routes = _routes(case, domains)
    later = Later(case, domains)
    change = next_change(later)
    return Decision(
        outcome=max((shown.outcome for shown in routes), key=_WORST_LAST.index),
        reference_date=on,
        rulebook=rulebook.reference,
        directory=DirectoryReference(directory.edition, case.read_for),
        age=Age(case.age, facts.birth_date) if case.age is not None else None,
        routes=routes,
        coordinator=_coordinator(routes),
        warnings=warnings_of(later),
        questions=questions_of(case, domains),
        contradictions=tuple(_contradiction(case, kind) for kind in sorted(case.contradictions)),
        deadlines=deadlines_of(case, domains),
        next_change=change,
        explanation=explanation_of(case, routes, change),
    )


def routes_of(
    facts: Facts, rulebook: Rulebook, directory: Directory, on: date, today: date
) -> tuple[Route, ...]:
    """The routes that `route` gives, without what else it tells: a sixth of the work.

    Warnings, questions and the next change need a look at other days and other answers.
    """
    case = open_case(facts, rulebook, directory, on, today)
    return _routes(case, draft_domains(case))


def _routes(case: Case, domains: tuple[DomainDraft, ...]) -> tuple[Route, ...]:
    """The routes in the order in which the domains were asked, emergencies before all others."""
    drafts = [(draft, domain) for domain in domains for draft in domain.drafts]
    ordered = sorted(drafts, key=lambda pair: pair[0].match.limb != "emergency")
    return tuple(shape_route(case, domain, draft) for draft, domain in ordered)


def _coordinator(routes: tuple[Route, ...]) -> Coordinator | None:
    """The primary receiver of most routes among those reached by a handover; the first of equals."""
    primaries = [
        receiver
        for shown in routes
        for receiver in shown.receivers
        if shown.outcome == "routed" and receiver.role == "primary" and receiver.channel == "handover"
    ]
    if not primaries:
        return None
    teams = [receiver.team_id for receiver in primaries]
    lead = max(primaries, key=lambda receiver: teams.count(receiver.team_id))
    return Coordinator(lead.kind, lead.team_id, lead.name)


def _contradiction(case: Case, kind: str) -> Contradiction:
    return Contradiction(_CONTRADICTING[kind], case.rulebook.word("contradiction", kind))
