"""The next change: one case for each thing that can bring one, to the day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from app.routing import Decision, Directory
from app.routing.dates import birthday
from app.routing.directory import Team
from app.routing.facts import Stay, YouthHelp

ENDED: Final = YouthHelp(type="pedagogical", started_on=date(2018, 1, 1), ended_on=date(2026, 6, 15))
FOSTERED: Final = {"stay": Stay(kind="foster_care", since=date(2018, 1, 1)), "previous_municipality": "0193"}
IN_WLZ: Final = {"stay": Stay(kind="wlz_institution"), "previous_municipality": "0166"}
LOSSER: Final = {"support_variant": "mbo_as_neighbourhood", "home_municipality": "0168",
                 "core_municipality": "0153"}  # fmt: skip

# what changes, domain, birth date, reference date, facts, the day, its reason, the provision then
CHANGES: Final = [
    ("the 16th birthday", "income", date(2010, 12, 5), date(2026, 9, 1),
     {"medical_bar_to_side_job": True, "student_finance": True}, date(2026, 12, 5), "age:16", "pw_study"),
    ("the 18th birthday", "mental_health", date(2008, 12, 5), date(2026, 9, 1), {}, date(2026, 12, 5),
     "age:18", "zvw"),
    ("the 18th birthday, born on 29 February", "mental_health", date(2008, 2, 29), date(2025, 9, 1), {},
     date(2026, 3, 1), "age:18", "zvw"),
    ("the 18th birthday brings a question", "family_parenting", date(2008, 12, 5), date(2026, 9, 1), {},
     date(2026, 12, 5), "age:18", None),
    ("the 21st birthday", "family_parenting", date(2005, 12, 5), date(2026, 9, 1),
     {"residence": FOSTERED, "youth_help": None}, date(2026, 12, 5), "age:21", "jw_ext"),
    ("the 23rd birthday", "family_parenting", date(2003, 12, 5), date(2026, 9, 1),
     {"residence": FOSTERED, "youth_help": None}, date(2026, 12, 5), "age:23", "wmo"),
    ("the 27th birthday", "income", date(1999, 12, 5), date(2026, 9, 1), {}, date(2026, 12, 5), "age:27",
     "pw"),
    ("the half-year window", "family_parenting", date(2007, 1, 15), date(2026, 9, 1),
     {"youth_help": (ENDED,)}, date(2026, 12, 16), "half_year", "wmo"),
    ("the school year", "absence_dropout", date(2010, 10, 5), date(2026, 11, 1),
     {"start_qualification": True}, date(2027, 8, 1), "school_year", "edu"),
    ("student finance", "income", date(2008, 8, 5), date(2026, 9, 1), {}, date(2026, 10, 1),
     "student_finance", "none"),
    ("a rule's first day", "absence_dropout", date(2001, 6, 15), date(2025, 9, 1), {"enrolment": "none"},
     date(2026, 1, 1), "rule", "web_rmc"),
    ("a residence test's first day", "mental_health", date(2009, 6, 15), date(2024, 9, 1),
     {"residence": IN_WLZ}, date(2025, 1, 1), "rule", "jw"),
    ("an agreement's last day", "family_parenting", date(2010, 6, 15), date(2026, 9, 1), {"told": LOSSER},
     date(2027, 1, 1), "agreement:losser-enschede", "jw"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "born", "on", "facts", "day", "because", "provision"),
    [pytest.param(*row, id=name) for name, *row in CHANGES],
)
def test_a_change_is_announced_for_its_day(
    domain: str, born: date, on: date, facts: dict[str, Any], day: date, because: str,
    provision: str | None, decide: Callable[..., Decision],
) -> None:  # fmt: skip
    change = decide(domain, born=born, on=on, **facts).next_change
    assert change is not None
    assert (change.on, change.because) == (day, because)
    assert [(route.problem_domain, route.provision) for route in change.routes] == [(domain, provision)]


@pytest.mark.parametrize(
    ("validity", "day"),
    [
        ({"valid_to": date(2026, 10, 31)}, date(2026, 11, 1)),
        ({"valid_from": date(2026, 12, 1)}, date(2026, 12, 1)),
    ],
)
def test_a_team_that_ends_or_starts_is_announced(
    validity: dict[str, date], day: date, bare: Directory, decide: Callable[..., Decision]
) -> None:
    base: dict[str, Any] = {"kind": "debt_service", "name": "t", "organisation": "0193"}
    base |= {"municipality": "0193", "valid_from": date(2015, 1, 1)}
    team = Team(**{"id": "schuldhulp", **base, **validity})
    change = decide("debts", age=19, directory=replace(bare, teams=(team,))).next_change
    assert change is not None
    assert (change.on, change.because) == (day, "team:schuldhulp")
    assert [(route.problem_domain, route.provision) for route in change.routes] == [("debts", "wgs")]


def test_a_wlz_stay_moves_the_municipality_on_the_first_of_january(decide: Callable[..., Decision]) -> None:
    routes = [
        decide("mental_health", age=16, on=on, residence=IN_WLZ).routes[0]
        for on in (date(2024, 12, 31), date(2025, 1, 1))
    ]
    bodies = [route.responsible.municipality for route in routes if route.responsible]
    assert [body.code for body in bodies if body] == ["0193", "0166"]


def test_own_registration_counts_from_the_first_of_january(decide: Callable[..., Decision]) -> None:
    routes = [
        decide("mental_health", age=16, on=on, residence={"parents_municipality": "0166"}).routes[0]
        for on in (date(2021, 12, 31), date(2022, 1, 1))
    ]
    bodies = [route.responsible.municipality for route in routes if route.responsible]
    assert [body.code for body in bodies if body] == ["0166", "0193"]


@pytest.mark.parametrize(
    ("domain", "age"), [("learning", 17), ("physical_health", 19), ("mental_health", 18), ("debts", 27)]
)
def test_what_never_changes_announces_nothing(domain: str, age: int, decide: Callable[..., Decision]) -> None:
    decision = decide(domain, age=age, youth_help=None)
    assert decision.next_change is None
    assert "2026" not in decision.explanation.nl


def test_nothing_is_announced_without_a_birth_date(decide: Callable[..., Decision]) -> None:
    told = {"birth_date": None, "age_years": 17}
    assert decide("mental_health", told=told).next_change is None


def test_a_limb_that_ends_is_announced_without_a_provision(decide: Callable[..., Decision]) -> None:
    change = decide("safety_violence", born=date(2008, 12, 5)).next_change
    assert change is not None
    assert [(route.problem_domain, route.provision) for route in change.routes] == [("safety_violence", None)]


@pytest.mark.parametrize(
    ("years", "day"), [(16, date(2024, 2, 29)), (18, date(2026, 3, 1)), (20, date(2028, 2, 29))]
)
def test_a_birthday_of_29_february_is_1_march_in_other_years(years: int, day: date) -> None:
    assert birthday(date(2008, 2, 29), years) == day
