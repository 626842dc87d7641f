"""A decision as text for a terminal: in words, or as JSON that a person can read."""

import json
from collections.abc import Iterator
from typing import Final

from app.routing import Decision, Rulebook
from app.routing.decision import NextChange, Text
from app.routing.plain import to_plain

_USED: Final = Text(
    "Regelboek {version}; wet van {day}, gids van {read_for}.",
    "Rulebook {version}; law of {day}, directory of {read_for}.",
)


def decision_as_json(decision: Decision) -> str:
    """The whole decision as indented JSON."""
    return json.dumps(to_plain(decision), ensure_ascii=False, indent=2)


def decision_in_words(decision: Decision, language: str, book: Rulebook) -> str:
    """One paragraph a route, then what changes next, the warnings and the questions, a line each."""

    def say(text: Text) -> str:
        return str(getattr(text, language))

    lines = [f"! {say(warning.text)} [{warning.code}]" for warning in decision.warnings]
    lines += [f"? {say(question.text)} [{question.fact}]" for question in decision.questions]
    if decision.next_change is not None:
        lines += [f"> {say(text)}" for text in _changes(decision.next_change, book)]
    used, day, read_for = decision.rulebook, decision.reference_date, decision.directory.read_for
    paragraphs = [say(shown.explanation) for shown in decision.routes]
    paragraphs += ["\n".join(lines), say(_USED).format(version=used.version, day=day, read_for=read_for)]
    return "\n\n".join(filter(None, paragraphs))


def _changes(change: NextChange, book: Rulebook) -> Iterator[Text]:
    """What each route that changes becomes, with the day on which it does."""
    for later in change.routes:
        domain, provision = book.word("domain", later.problem_domain), later.provision
        then = book.word("provision", provision) if provision else Text("navragen", "ask")
        yield Text(f"{change.on} {domain.nl}: {then.nl}", f"{change.on} {domain.en}: {then.en}")
