"""The conditions of a rule in words: what a policy adviser reads instead of `age.under:18`."""

from app.routing.conditions import Condition
from app.routing.decision import Text
from app.routing.explain import filled
from app.routing.rulebook import Rulebook


def condition_in_words(book: Rulebook, condition: Condition) -> Text:
    """One condition in Dutch and English, such as "younger than 18" or "stay: foster family"."""
    head, _, listed = condition.text.partition(":")
    column, _, operator = head.partition(".")
    return filled(
        book.word("condition", operator),
        fact=book.word("fact", column),
        values=_values(book, column, listed.split("|")),
    )


def _values(book: Rulebook, column: str, listed: list[str]) -> Text:
    if column == "age":
        return Text(listed[0], listed[0])
    words, either = [book.word("value", value) for value in listed], book.word("condition", "or")
    return Text(either.nl.join(word.nl for word in words), either.en.join(word.en for word in words))
