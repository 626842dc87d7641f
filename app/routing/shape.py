"""A drafted route in the shape that the world sees: named places, receivers, consent, reasons."""

from app.routing.case import Case, DomainDraft, Draft
from app.routing.consent import route_consent
from app.routing.decision import Municipality, NextChange, Responsible, Route, RuleReference, Text
from app.routing.explain import (
    explain_change,
    explain_depends,
    explain_held_back,
    explain_routed,
    joined,
)
from app.routing.questions import open_question, presumed_facts
from app.routing.residence import Body
from app.routing.rule import Rule
from app.routing.warnings import needs_review


def shape_route(case: Case, domain: DomainDraft, draft: Draft) -> Route:
    """The route of a draft; one that is held back shows what is known of it and what it waits for."""
    rule = draft.match.rule
    if rule is None or draft.body is None:
        return _without_rule(case, domain, draft)
    responsible = _responsible(case, rule, draft.body)
    receivers, agreement = draft.receiving.receivers, draft.receiving.agreement
    primary = next((receiver for receiver in receivers if receiver.role == "primary"), None)
    behalf = _municipality(case, draft.body.municipality) if agreement else None
    consent = route_consent(
        rule,
        primary.kind if primary else None,
        case.facts.consents,
        case.age,
        parents_involved=case.readings["parents_involved"] == "=yes",
    )
    if draft.outcome == "routed":
        text = explain_routed(case.rulebook, domain.problem_domain, rule, responsible, receivers, behalf)
        waits = not consent.given and any(receiver.channel == "handover" for receiver in receivers)
        text = explain_depends(case.rulebook, text, draft.match.depends, consent_waits=waits)
    else:
        text = _waiting(case, domain, draft)
    return Route(
        problem_domain=domain.problem_domain,
        outcome=draft.outcome,
        legal_framework=rule.legal_framework,
        provision=rule.provision,
        confidence=rule.confidence,
        human_review=needs_review(rule, draft.body),
        responsible=responsible,
        receivers=receivers,
        on_behalf_of=behalf,
        agreement_id=agreement.id if agreement else None,
        consent=consent,
        rule=RuleReference(rule.id, rule.citations),
        presumed=presumed_facts(draft),
        derived_facts=draft.match.derived,
        not_chosen=draft.match.not_chosen,
        explanation=text,
    )


def explanation_of(case: Case, routes: tuple[Route, ...], change: NextChange | None) -> Text:
    """The whole in words: every route, and when to look again."""
    parts = [shown.explanation for shown in routes]
    return joined(parts if change is None else [*parts, explain_change(case.rulebook, change.on)])


def _without_rule(case: Case, domain: DomainDraft, draft: Draft) -> Route:
    return Route(
        problem_domain=domain.problem_domain,
        outcome=draft.outcome,
        legal_framework=None,
        provision=None,
        confidence=None,
        human_review=False,
        responsible=None,
        receivers=(),
        on_behalf_of=None,
        agreement_id=None,
        consent=None,
        rule=None,
        presumed=(),
        derived_facts=(),
        not_chosen=(),
        explanation=_waiting(case, domain, draft),
    )


def _waiting(case: Case, domain: DomainDraft, draft: Draft) -> Text:
    book = case.rulebook
    if draft.outcome == "needs_triage":
        return explain_held_back(book, "triage", domain.problem_domain, Text("", ""))
    if draft.contradiction is not None:
        told = book.word("contradiction", draft.contradiction)
        return explain_held_back(book, "contradiction", domain.problem_domain, told)
    return explain_held_back(book, "question", domain.problem_domain, open_question(book, domain, draft))


def _responsible(case: Case, rule: Rule, body: Body) -> Responsible:
    """Veilig Thuis is the region's; the Doorstroompunt the municipality's, within its region."""
    if body.municipality is None:
        return Responsible(body.kind, None, None, body.test)
    regions = case.directory.places[body.municipality].regions
    if rule.provision == "vt":
        return Responsible("region", None, regions.get("veilig_thuis"), body.test)
    region = regions.get("rmc") if rule.provision == "web_rmc" else None
    return Responsible(body.kind, _municipality(case, body.municipality), region, body.test)


def _municipality(case: Case, code: str | None) -> Municipality | None:
    return case.directory.places[code].municipality if code else None
