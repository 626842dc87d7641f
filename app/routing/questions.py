"""Questions: the facts of which another value would change a route, and what is merely presumed."""

from collections.abc import Iterator

from app.routing.case import Case, DomainDraft, Draft
from app.routing.decision import Decides, Question, Text
from app.routing.rulebook import Rulebook

# One doubt: the fact to ask for, whether it blocks, the domain and the provisions it decides.
Doubted = tuple[str, bool, str, tuple[str, ...]]


def questions_of(case: Case, domains: tuple[DomainDraft, ...]) -> tuple[Question, ...]:
    """Every question once, blocking ones first, with all that its answer decides."""
    decides: dict[str, dict[str, tuple[str, ...]]] = {}
    blocking: set[str] = set()
    for domain in domains:
        for fact, blocks, problem_domain, provisions in _doubted(domain):
            before = decides.setdefault(fact, {}).get(problem_domain, ())
            decides[fact][problem_domain] = tuple(sorted({*before, *provisions}))
            if blocks:
                blocking.add(fact)
    return tuple(
        Question(
            fact,
            fact in blocking,
            tuple(Decides(domain, provisions) for domain, provisions in decides[fact].items()),
            case.rulebook.question(fact),
        )
        for fact in sorted(decides, key=lambda fact: fact not in blocking)
    )


def presumed_facts(draft: Draft) -> tuple[str, ...]:
    """The facts that nobody told and that a route rests on, as paths in the request."""
    body = draft.body.presumed if draft.body else ()
    return tuple(dict.fromkeys((*draft.match.presumed, *body)))


def open_question(book: Rulebook, domain: DomainDraft, draft: Draft) -> Text:
    """The first question that a route held back for information waits for."""
    if draft.body is not None and draft.body.asks is not None:
        return book.question(draft.body.asks)
    if draft.receiving.asks is not None:
        return book.question(draft.receiving.asks)
    doubt = next(doubt for doubt in domain.answer.doubts if doubt.blocking)
    return book.question(doubt.fact)


def _doubted(domain: DomainDraft) -> Iterator[Doubted]:
    name = domain.problem_domain
    for doubt in domain.answer.doubts:
        yield doubt.fact, doubt.blocking, name, doubt.provisions
    for draft in domain.drafts:
        rule, body = draft.match.rule, draft.body
        if rule is None or body is None:
            continue
        for asks in (body.asks, draft.receiving.asks):
            if asks is not None:
                yield asks, True, name, (rule.provision,)
        for presumed in body.presumed:
            yield presumed, False, name, (rule.provision,)
