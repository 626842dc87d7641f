"""The terms that come with routes: first contact for every handover, and those of the acts (LAW 11.1)."""

from collections.abc import Iterator

from app.routing.case import Case, DomainDraft, Draft
from app.routing.decision import Deadline


def deadlines_of(case: Case, domains: tuple[DomainDraft, ...]) -> tuple[Deadline, ...]:
    """Each term once, with the problem domains it concerns; counted from the moment of offering."""
    concerned: dict[str, list[str]] = {}
    for draft in (draft for domain in domains for draft in domain.drafts):
        for term in _terms(draft):
            listed = concerned.setdefault(term, [])
            if draft.problem_domain not in listed:
                listed.append(draft.problem_domain)
    return tuple(
        Deadline(name, term.days, term.unit, term.basis, tuple(listed))
        for name, listed in concerned.items()
        for term in (case.rulebook.terms[name],)
    )


def _terms(draft: Draft) -> Iterator[str]:
    rule = draft.match.rule
    if rule is None or draft.outcome != "routed":
        return
    if any(receiver.channel == "handover" for receiver in draft.receiving.receivers):
        yield "first_contact"
    # A warning's own term takes the place of the rule's: three working days instead of four weeks.
    warned = [note.deadline for note in draft.match.notes if note.deadline is not None]
    yield from warned or rule.deadlines
