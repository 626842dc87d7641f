"""Lists in one cell, and lists of objects in parallel ones."""

from typing import Any

import pytest

from tests.importing.rows import faults, read

HELP = "circumstances.youthHelp"
CHILDREN = "circumstances.children"


def help_of(**cells: str) -> Any:
    return read({f"{HELP}.{name}": cell for name, cell in cells.items()})["circumstances"]["youthHelp"]


def test_a_list_is_separated_by_bars() -> None:
    assert read({"problemDomains": "debts | housing|income"})["problemDomains"] == [
        "debts", "housing", "income",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("problemDomains", "debts, housing"),
        ("problemDomains", "debts|housing;income"),
        ("circumstances.needs", "housing=guidance / learning=treatment"),
        (f"{HELP}.type", "pedagogical,guidance"),
    ],
)
def test_parts_that_another_sign_separates_are_told_so(column: str, cell: str) -> None:
    assert faults({column: cell}) == [(column, "list.separator")]


def test_a_part_that_is_none_of_ours_is_told_so_whatever_is_in_it() -> None:
    assert faults({"problemDomains": "dept"}) == [("problemDomains", "not_allowed")]
    told = faults({"problemDomains": "debts, housing"}, 'separator = ";"')
    assert told == [("problemDomains", "not_allowed")]


def test_a_map_has_pairs() -> None:
    told = read({"circumstances.needs": "housing = guidance|learning=treatment"})["circumstances"]
    assert told == {"needs": {"housing": "guidance", "learning": "treatment"}}


def test_parallel_lists_tell_objects_by_position() -> None:
    assert help_of(type="pedagogical|guidance", startedOn="2024-01-01|", ongoing="|ja", endedOn="-|null") == [
        {"type": "pedagogical", "startedOn": "2024-01-01"},
        {"type": "guidance", "ongoing": True, "endedOn": None},
    ]


@pytest.mark.parametrize(
    "cells", [{"type": "null"}, {"type": "null", "startedOn": "null"}, {"startedOn": "null", "type": ""}]
)
def test_null_alone_says_that_there_is_none(cells: dict[str, str]) -> None:
    assert help_of(**cells) is None


def test_null_beside_something_is_null_of_that_one() -> None:
    assert help_of(type="guidance", endedOn="null") == [{"type": "guidance", "endedOn": None}]


@pytest.mark.parametrize(
    ("cell", "told"), [("-", [{}]), ("-|2024-02-29", [{}, {"birthDate": "2024-02-29"}]), ("[]", [])]
)
def test_a_child_of_whom_nothing_is_known_is_a_dash(cell: str, told: list[dict[str, str]]) -> None:
    assert read({f"{CHILDREN}.birthDate": cell})["circumstances"]["children"] == told


def test_lists_of_other_lengths_are_a_fault_of_the_column() -> None:
    wrong = {f"{HELP}.type": "guidance|pedagogical", f"{HELP}.startedOn": "2024-01-01"}
    assert faults(wrong) == [(f"{HELP}.startedOn", "list.lengths")]


def test_a_part_that_cannot_be_read_is_a_fault_of_its_column() -> None:
    wrong = {f"{HELP}.type": "guidance|guidance", f"{HELP}.startedOn": "2024-01-01|01-01-2024"}
    assert faults(wrong) == [(f"{HELP}.startedOn", "date.format")]


def test_a_part_that_misses_what_it_needs_is_a_fault_of_that_column() -> None:
    wrong = {f"{HELP}.type": "guidance|", f"{HELP}.startedOn": "2024-01-01|2024-01-02"}
    assert faults(wrong) == [(f"{HELP}.type", "required")]


@pytest.mark.parametrize(("cell", "told"), [("all", "all"), ("gp", ["gp"]), ("gp+jgz", ["gp", "jgz"])])
def test_the_receivers_of_a_consent_are_joined_by_a_plus(cell: str, told: object) -> None:
    consent = {"givenBy": "student", "givenOn": "2026-05-13", "purpose": "referral", "recipients": cell}
    body = read({f"consents.{name}": value for name, value in consent.items()})
    assert body["consents"] == [{**consent, "recipients": told}]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"kind": "null"}, None),
        ({"kind": "foster_care", "since": "null"}, {"kind": "foster_care", "since": None}),
    ],
)
def test_a_stay_may_be_none(cells: dict[str, str], told: object) -> None:
    body = read({f"residence.stay.{name}": cell for name, cell in cells.items()})
    assert body["residence"] == {"stay": told}
