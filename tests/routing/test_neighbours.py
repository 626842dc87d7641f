"""The neighbours of a rule: beside it in the order, and its versions of before and after."""

from app.routing import Rulebook
from app.routing.neighbours import Neighbours, neighbours_of


def neighbours(book: Rulebook, id: str) -> Neighbours:
    return neighbours_of(book, next(rule for rule in book.rules if rule.id == id))


def test_a_switch_of_law_is_seen_from_both_sides(book: Rulebook) -> None:
    assert "web-rmc.left.before-2026" in neighbours(book, "web-rmc.left").earlier
    assert "web-rmc.left" in neighbours(book, "web-rmc.left.before-2026").later


def test_the_next_in_order_is_named_on_both_sides(book: Rulebook) -> None:
    absent = neighbours(book, "lpw.absence.compulsory")
    assert absent.before == ("lpw.absence.compulsory.report",)
    assert "lpw.absence.qualification.report" in absent.after


def test_a_rule_alone_in_its_place_has_no_neighbours(book: Rulebook) -> None:
    assert neighbours(book, "jw.carer.minor") == Neighbours((), (), (), ())
