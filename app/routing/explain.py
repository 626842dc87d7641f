"""A decision in words: Dutch at B1 and English, put together from the trace and the rulebook's words."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from app.routing.decision import Municipality, Receiver, Responsible, Text
from app.routing.rule import Rule
from app.routing.rulebook import Rulebook

_NAMED: Final = ("primary", "bridging")
_MONTHS: Final = Text(
    "januari februari maart april mei juni juli augustus september oktober november december",
    "January February March April May June July August September October November December",
)
# Bodies of which there is one for each place; a route that cannot wait goes out before the place is known.
_PLACED: Final = ("municipality", "region")


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
    parts = [book.phrase(("opening", domain, rule.id), lambda: _opening(book, domain, rule))]
    if responsible.kind != "none":
        named = responsible.municipality or responsible.region
        place = named.name if named else ""
        key = ("whose", responsible.kind, place)
        parts.append(book.phrase(key, lambda: _whose(book, responsible, place)))
    parts.extend(_receives(book, receiver) for receiver in receivers if receiver.role in _NAMED)
    if on_behalf_of is not None:
        parts.append(filled(book.word("sentence", "behalf"), place=on_behalf_of.name))
    parts.append(book.phrase(("sources", rule.id), lambda: _sources(book, rule)))
    return joined(parts)


def _opening(book: Rulebook, domain: str, rule: Rule) -> Text:
    return filled(
        book.word("sentence", "no_route" if rule.provision == "none" else "route"),
        domain=_capital(book.word("domain", domain)),
        provision=book.word("provision", rule.provision),
        because=rule.because,
    )


def _whose(book: Rulebook, responsible: Responsible, place: str) -> Text:
    if not place and responsible.kind in _PLACED:
        return book.word("sentence", "whose_unknown")
    body = filled(book.word("responsible", responsible.kind), place=place)
    return filled(book.word("sentence", "whose"), body=body)


def _receives(book: Rulebook, receiver: Receiver) -> Text:
    sentence, name = _sentence_for(receiver), receiver.name

    def put_together() -> Text:
        kind = book.word("receiver", receiver.kind)
        shown = Text(f"{kind.nl} ({name})", f"{kind.en} ({name})") if name else kind
        return filled(book.word("sentence", sentence), receiver=shown)

    return book.phrase((sentence, receiver.kind, name or ""), put_together)


def _sources(book: Rulebook, rule: Rule) -> Text:
    articles = "; ".join(f"{citation.act} {citation.article}" for citation in rule.citations)
    return filled(book.word("sentence", "article"), articles=articles)


def explain_depends(book: Rulebook, text: Text, facts: tuple[str, ...], *, consent_waits: bool) -> Text:
    """The explanation of a route with the consent it still waits for and the answers that would change it."""
    parts = [text]
    if consent_waits:
        parts.append(book.word("sentence", "consent"))
    if facts:
        parts.append(book.phrase(("depends", *facts), lambda: _depends(book, facts)))
    return text if len(parts) == 1 else joined(parts)


def _depends(book: Rulebook, facts: tuple[str, ...]) -> Text:
    questions = joined(book.question(fact) for fact in facts)
    return filled(book.word("sentence", "depends"), questions=questions)


def explain_held_back(book: Rulebook, sentence: str, domain: str, question: Text) -> Text:
    """Why a route waits: `question`, `contradiction` or `triage`, and what would let it go on."""
    return filled(
        book.word("sentence", sentence), domain=_capital(book.word("domain", domain)), question=question
    )


def explain_change(book: Rulebook, on: date) -> Text:
    """When to look again."""
    day = Text(
        f"{on.day} {_MONTHS.nl.split()[on.month - 1]} {on.year}",
        f"{on.day} {_MONTHS.en.split()[on.month - 1]} {on.year}",
    )
    return filled(book.word("sentence", "change"), on=day)


def _sentence_for(receiver: Receiver) -> str:
    if receiver.role == "bridging":
        return "bridging"
    return {"handover": "receives", "call_now": "call"}.get(receiver.channel, "acts")


def _capital(text: Text) -> Text:
    return Text(text.nl[:1].upper() + text.nl[1:], text.en[:1].upper() + text.en[1:])
