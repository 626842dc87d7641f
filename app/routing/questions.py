"""Questions: the facts of which another value would change a route, and what is merely presumed."""

from collections.abc import Iterator

from app.routing.case import Case, DomainDraft, Draft
from app.routing.columns import PRESUMED, asked_by
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
            question_text(case.rulebook, fact),
        )
        for fact in sorted(decides, key=lambda fact: fact not in blocking)
    )


def presumed_facts(problem_domain: str, draft: Draft) -> tuple[str, ...]:
    """The facts that nobody told and that a route rests on, as paths in the request."""
    columns = (asked_by(column, PRESUMED, problem_domain) for column in draft.match.presumed)
    body = draft.body.presumed if draft.body else ()
    return tuple(dict.fromkeys((*columns, *body)))


def questions_on(book: Rulebook, draft: Draft) -> tuple[Text, ...]:
    """The questions of which another answer would give this route another rule."""
    facts = (asked_by(column, PRESUMED, draft.problem_domain) for column in draft.match.presumed)
    return tuple(question_text(book, fact) for fact in dict.fromkeys(facts))


def question_text(book: Rulebook, fact: str) -> Text:
    """The question that asks for a fact; a need is asked in one way for all domains."""
    name = "circumstances.needs" if fact.startswith("circumstances.needs.") else fact
    return book.word("question", name)


def open_question(book: Rulebook, domain: DomainDraft, draft: Draft) -> Text:
    """The first question that a route held back for information waits for."""
    if draft.body is not None and draft.body.asks is not None:
        return question_text(book, draft.body.asks)
    if draft.receiving.asks is not None:
        return question_text(book, draft.receiving.asks)
    doubt = next(doubt for doubt in domain.answer.doubts if doubt.blocking)
    return question_text(book, asked_by(doubt.column, doubt.mark, domain.problem_domain))


def _doubted(domain: DomainDraft) -> Iterator[Doubted]:
    name = domain.problem_domain
    for doubt in domain.answer.doubts:
        yield asked_by(doubt.column, doubt.mark, name), doubt.blocking, name, doubt.provisions
    for draft in domain.drafts:
        rule, body = draft.match.rule, draft.body
        if rule is None or body is None:
            continue
        for asks in (body.asks, draft.receiving.asks):
            if asks is not None:
                yield asks, True, name, (rule.provision,)
        for presumed in body.presumed:
            yield presumed, False, name, (rule.provision,)
