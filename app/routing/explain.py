"""A decision in words: Dutch at B1 and English, put together from the trace and the rulebook's words."""

from collections.abc import Iterable
from datetime import date

from app.routing.decision import Citation, Municipality, Receiver, Responsible, Text
from app.routing.rule import Rule
from app.routing.rulebook import Rulebook


def joined(texts: Iterable[Text]) -> Text:
    """The sentences one after the other."""
    listed = tuple(texts)
    return Text(" ".join(text.nl for text in listed), " ".join(text.en for text in listed))


def filled(template: Text, **parts: Text | str) -> Text:
    """A template of the rulebook with its places filled in, a word for each language."""
    nl, en = template.nl, template.en
    for name, part in parts.items():
        dutch, english = (part.nl, part.en) if isinstance(part, Text) else (part, part)
        nl, en = nl.replace(f"{{{name}}}", dutch), en.replace(f"{{{name}}}", english)
    return Text(nl, en)


def explain_routed(
    book: Rulebook,
    domain: str,
    rule: Rule,
    responsible: Responsible,
    receivers: tuple[Receiver, ...],
    on_behalf_of: Municipality | None,
) -> Text:
    """What, why, whose, to whom and on which articles, for one route that goes out."""
    opening, articles = _fixed(book, domain, rule)
    parts = [opening]
    if responsible.kind != "none":
        parts.append(filled(book.word("sentence", "whose"), body=_body(book, responsible)))
    for receiver in receivers:
        if receiver.role in ("primary", "bridging"):
            sentence = book.word("sentence", _sentence_for(receiver))
            parts.append(filled(sentence, receiver=_receiver(book, receiver)))
    if on_behalf_of is not None:
        parts.append(filled(book.word("sentence", "behalf"), place=on_behalf_of.name))
    parts.append(articles)
    return joined(parts)


def _fixed(book: Rulebook, domain: str, rule: Rule) -> tuple[Text, Text]:
    """What every route of a rule and domain says first and last; put together once for each rulebook."""
    known = book.phrases.get((domain, rule.id))
    if known is None:
        opening = filled(
            book.word("sentence", "route"),
            domain=_capital(book.word("domain", domain)),
            provision=book.word("provision", rule.provision),
            because=rule.because,
        )
        articles = filled(book.word("sentence", "article"), articles=_articles(rule.citations))
        known = book.phrases[domain, rule.id] = (opening, articles)
    return known


def explain_depends(book: Rulebook, text: Text, questions: tuple[Text, ...], *, consent_waits: bool) -> Text:
    """The explanation of a route with the consent it still waits for and what would change it."""
    parts = [text]
    if consent_waits:
        parts.append(book.word("sentence", "consent"))
    if questions:
        parts.append(filled(book.word("sentence", "depends"), questions=joined(questions)))
    return text if len(parts) == 1 else joined(parts)


def explain_held_back(book: Rulebook, sentence: str, domain: str, question: Text) -> Text:
    """Why a route waits: `question`, `contradiction` or `triage`, and what would let it go on."""
    return filled(
        book.word("sentence", sentence), domain=_capital(book.word("domain", domain)), question=question
    )


def explain_change(book: Rulebook, on: date) -> Text:
    """When to look again."""
    return filled(book.word("sentence", "change"), on=on.isoformat())


def _sentence_for(receiver: Receiver) -> str:
    if receiver.role == "bridging":
        return "bridging"
    return {"handover": "receives", "call_now": "call"}.get(receiver.channel, "acts")


def _body(book: Rulebook, responsible: Responsible) -> Text:
    named = responsible.municipality or responsible.region
    return filled(book.word("responsible", responsible.kind), place=named.name if named else "")


def _receiver(book: Rulebook, receiver: Receiver) -> Text:
    kind = book.word("receiver", receiver.kind)
    if receiver.name is None:
        return kind
    return Text(f"{kind.nl} ({receiver.name})", f"{kind.en} ({receiver.name})")


def _articles(citations: tuple[Citation, ...]) -> str:
    return "; ".join(f"{citation.act} {citation.article}" for citation in citations)


def _capital(text: Text) -> Text:
    return Text(text.nl[:1].upper() + text.nl[1:], text.en[:1].upper() + text.en[1:])
