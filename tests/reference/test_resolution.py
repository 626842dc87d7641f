"""What somebody writes for a municipality becomes today's code, a choice, or unknown."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given, strategies as st

from app.reference import Resolved, open_reference

REFERENCE = open_reference()
NAMES = sorted({name for of in REFERENCE.listings.values() for name in (of.name, of.cbs_name)})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0193", "0193"),
        ("GM0193", "0193"),
        (" gm0193 ", "0193"),
        ("Zwolle", "0193"),
        ("'s-Gravenhage", "0518"),
        ("\u2019s Gravenhage (gemeente)", "0518"),
        ("Den Haag", "0518"),
        ("DEN BOSCH", "0796"),
        ("Hengelo", "0164"),
        ("Hengelo (O)", "0164"),
        ("Hengelo (O.)", "0164"),
        ("Laren (NH.)", "0417"),
        ("Bergen (NH)", "0373"),
        ("Bergen L", "0893"),
        ("Beek", "0888"),
        ("Rijswijk", "0603"),
        ("Utrecht (gemeente)", "0344"),
        ("Sudwest Fryslan", "1900"),
        ("De Friese Meren", "1940"),
        ("Tietjerksteradeel", "0737"),
        ("Dantumadeel", "1891"),
        ("Ljouwert", "0080"),
        ("Nuenen", "0820"),
    ],
)
def test_a_municipality_of_today_is_found(text: str, code: str) -> None:
    assert REFERENCE.resolve(text) == Resolved(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0003", "1979"),
        ("GM0003", "1979"),
        ("appingedam", "1979"),
        ("Weesp", "0363"),
        ("1921", "1940"),
        ("Scherpenisse", "0716"),
        ("Hengelo (Gld)", "1876"),
        ("Helvoirt", "0865"),
        ("Ezinge", "1969"),
    ],
)
def test_a_merged_municipality_is_carried_over(text: str, code: str) -> None:
    assert REFERENCE.resolve(text) == Resolved(code, merged=True)


@pytest.mark.parametrize(
    ("code", "name", "candidates"),
    [
        ("0788", "Haaren", ("0757", "0824", "0855", "0865")),
        ("0140", "Littenseradiel", ("0080", "1900", "1949")),
        ("0055", "Boarnsterhim", ("0074", "0080", "1900", "1940")),
        ("1671", "Maasdonk", ("0796", "0828")),
        ("0053", "Winsum", ("1966", "1969")),
        ("0051", "Skarsterlân", ("0074", "1940")),
        ("0817", "Nieuw-Ginneken", ("0758", "1723")),
        ("0103", "Littenseradeel", ("0080", "1900", "1949")),
    ],
)
def test_a_split_municipality_is_a_choice(code: str, name: str, candidates: tuple[str, ...]) -> None:
    assert REFERENCE.resolve(code) == REFERENCE.resolve(name) == Resolved(None, candidates=candidates)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [("Bergen", ("0373", "0893")), ("Valkenburg", ("0537", "0994")), ("Sloten", ("0363", "1940"))],
)
def test_a_name_without_suffix_that_means_several_is_a_choice(text: str, candidates: tuple[str, ...]) -> None:
    assert REFERENCE.resolve(text) == Resolved(None, candidates=candidates)


def test_the_day_chooses_between_former_namesakes() -> None:
    assert REFERENCE.resolve("Valkenburg", date(1990, 1, 1)) == Resolved("0537", merged=True)


@pytest.mark.parametrize(
    "text", ["", " ", "9999", "193", "GM193", "Atlantis", "Elten", "\x00", "\ud800", "٠١٩٣"]
)
def test_what_is_no_municipality_of_today_is_unknown(text: str) -> None:
    assert REFERENCE.resolve(text) == Resolved(None)


@given(st.sampled_from(NAMES), st.data())
def test_case_and_accents_never_change_the_answer(name: str, data: st.DataObject) -> None:
    cases = data.draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
    mixed = "".join(c.upper() if up else c.lower() for c, up in zip(name, cases, strict=True))
    bare = "".join(c for c in unicodedata.normalize("NFD", mixed) if not unicodedata.combining(c))
    assert REFERENCE.resolve(mixed) == REFERENCE.resolve(bare) == REFERENCE.resolve(name)


@given(st.integers(0, 9999).map("{:04d}".format), st.sampled_from(["GM", "gm", "Gm"]))
def test_the_prefix_gm_never_changes_the_answer(code: str, prefix: str) -> None:
    assert REFERENCE.resolve(prefix + code) == REFERENCE.resolve(code)


@given(st.text(max_size=40))
def test_any_text_gives_codes_of_today_or_nothing(text: str) -> None:
    found = REFERENCE.resolve(text)
    assert {*found.candidates, *filter(None, [found.code])} <= REFERENCE.places.keys()


@pytest.mark.parametrize(("code", "name"), [("0160", "Hardenberg"), ("0143", "Avereest"), ("0000", "0000")])
def test_a_code_of_today_or_before_is_told_with_its_name(code: str, name: str) -> None:
    assert REFERENCE.name_of(code) == name
