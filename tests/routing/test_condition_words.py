"""Conditions in words, for whoever reads the rules without the program."""

import pytest

from app.routing import Rulebook
from app.routing.condition_words import condition_in_words
from app.routing.conditions import parse_condition


@pytest.mark.parametrize(
    ("text", "nl", "en"),
    [
        ("age.under:18", "jonger dan 18", "younger than 18"),
        ("age.from:23", "23 jaar of ouder", "23 or older"),
        ("start_qualification.is:no", "startkwalificatie: nee", "start qualification: no"),
        ("stay.is:foster_care|family_home", "verblijf: pleeggezin of gezinshuis",
         "stay: foster family or family home"),
        ("enrolled.not:none", "inschrijving bij de school: niet geen", "enrolment at the school: not none"),
    ],
)  # fmt: skip
def test_a_condition_reads_as_a_sentence(text: str, nl: str, en: str, book: Rulebook) -> None:
    words = condition_in_words(book, parse_condition(text))
    assert (words.nl, words.en) == (nl, en)


def test_every_condition_of_every_rule_has_words(book: Rulebook) -> None:
    for rule in book.rules:
        for condition in rule.conditions:
            words = condition_in_words(book, condition)
            assert "{" not in words.nl + words.en
