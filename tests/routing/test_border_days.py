"""Border days: the day before, the day, and the day after, for birthdays, windows, school years and law."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import pytest

from app.routing import Decision, Rulebook
from app.routing.dates import day_before
from app.routing.facts import Stay, YouthHelp

ONE: Final = timedelta(days=1)
BORN: Final = date(2004, 5, 15)


def fostered(since: date = date(2012, 1, 1)) -> dict[str, Any]:
    return {"residence": {"stay": Stay(kind="foster_care", since=since), "previous_municipality": "0166"}}


def helped(**given: Any) -> dict[str, Any]:
    return {"youth_help": (YouthHelp(type="pedagogical", started_on=date(2012, 1, 1), **given),)}


ADULT_AT_18: Final = """
    mental_health        | jw         | zvw
    addiction            | jw         | zvw
    family_parenting     | jw         | wmo
    safety_violence      | vt jw      | vt
    housing              | jw         | wmo
    debts                | wgs        | wgs
    income               | none       | pw
    work_participation   | lpw        | pw
    disability_id        | jw         | wmo
    disability_phys      | zvw        | zvw
    self_reliance        | jw         | wmo
    learning             | edu        | edu
    absence_dropout      | lpw        | web_rmc
    justice              | jw_crim    | none
    pregnancy_parenthood | wpg jw zvw | wpg zvw
    physical_health      | zvw wpg    | zvw
    social_network       | jw         | wmo
    informal_care        | wmo jw     | wmo
"""
EIGHTEEN: Final = [tuple(c.strip() for c in line.split("|")) for line in ADULT_AT_18.split("\n")[1:-1]]


@pytest.mark.parametrize("born", [date(2008, 5, 15), date(2008, 2, 29), date(2008, 12, 15), date(2008, 1, 1)])
@pytest.mark.parametrize(("domain", "minor", "adult"), EIGHTEEN)
def test_the_18th_birthday_in_every_domain(
    domain: str, minor: str, adult: str, born: date, provisions: Callable[..., str]
) -> None:
    eighteen = date(2026, 3, 1) if born == date(2008, 2, 29) else born.replace(year=2026)
    found = [
        provisions(
            domain, born=born, on=day, youth_help=None, criminal_measure=None, absence_weeks=5,
            pregnant=True, children=None, needs={"disability_phys": "nursing"}, enrolment="bol",
        )
        for day in (day_before(eighteen), eighteen, eighteen + ONE)
    ]  # fmt: skip
    # Born on the first day of a quarter, student finance starts on the birthday itself (PW-04b).
    without_gap = domain == "income" and born == date(2008, 1, 1)
    assert found == [minor, *(["none"] * 2 if without_gap else [adult] * 2)]


OTHER_BORDERS: Final = [
    ("study allowance from 16", "income", date(2010, 5, 15), date(2026, 5, 15),
     {"medical_bar_to_side_job": True, "student_finance": True}, "none", "pw_study"),
    ("work on request of the board from 16", "work_participation", date(2010, 5, 15), date(2026, 5, 15),
     {"school_board_requests_work_support": True}, "lpw", "pw"),
    ("foster care to 21", "family_parenting", BORN, date(2025, 5, 15), {**fostered(), "youth_help": None},
     "jw_foster21", "jw_ext"),
    ("foster care to 21 as housing", "housing", BORN, date(2025, 5, 15),
     {**fostered(), "youth_help": None}, "jw_foster21", "jw_ext"),
    ("extended help to 23", "family_parenting", date(2003, 5, 15), date(2026, 5, 15), helped(ongoing=True),
     "jw_ext", "wmo"),
    ("extended treatment to 23", "disability_id", date(2003, 5, 15), date(2026, 5, 15),
     {**helped(ongoing=True), "needs": {"disability_id": "treatment"}}, "jw_ext", "wmo"),
    ("a student gets assistance from 27", "income", date(1999, 5, 15), date(2026, 5, 15),
     {"enrolment": "bol"}, "none", "pw"),
    ("the Doorstroompunt to 27", "absence_dropout", date(1999, 5, 15), date(2026, 5, 15),
     {"enrolment": "none"}, "web_rmc", "none"),
    ("the RMC to 23", "absence_dropout", date(2002, 5, 15), date(2025, 5, 15), {"enrolment": "none"},
     "web_rmc", "none"),
    ("29 February in a leap year", "work_participation", date(2012, 2, 29), date(2028, 2, 29),
     {"school_board_requests_work_support": True}, "lpw", "pw"),
    ("29 February in a common year at 23", "family_parenting", date(2004, 2, 29), date(2027, 3, 1),
     helped(ongoing=True), "jw_ext", "wmo"),
    ("29 February in a common year at 27", "income", date(2000, 2, 29), date(2027, 3, 1), {}, "none", "pw"),
    ("half a year after help ended", "family_parenting", date(2007, 1, 15), date(2026, 8, 16),
     helped(ended_on=date(2026, 2, 15)), "jw_ext", "wmo"),
    ("half a year clipped to the month's end", "family_parenting", date(2007, 1, 15), date(2026, 3, 1),
     helped(ended_on=date(2025, 8, 31)), "jw_ext", "wmo"),
    ("the school year of the 16th birthday", "absence_dropout", date(2009, 10, 5), date(2026, 8, 1),
     {"start_qualification": True}, "lpw", "edu"),
    ("16 on the last day of a school year", "absence_dropout", date(2010, 7, 31), date(2026, 8, 1),
     {"start_qualification": True}, "lpw", "edu"),
    ("16 on the first day of a school year", "absence_dropout", date(2009, 8, 1), date(2026, 8, 1),
     {"start_qualification": True}, "lpw", "edu"),
    ("student finance from the next quarter", "income", date(2008, 5, 15), date(2026, 7, 1), {}, "pw",
     "none"),
    ("foster care to 21 by agreement from July 2018", "family_parenting", date(1999, 1, 15),
     date(2018, 7, 1), {**fostered(), "youth_help": None}, "jw_ext", "jw_foster21"),
    ("foster care to 21 in the act from 2023", "family_parenting", date(2003, 1, 15), date(2023, 1, 1),
     {**fostered(), "youth_help": None}, "jw_foster21", "jw_foster21"),
    ("the psychiatric ground of the Wlz from 2021", "mental_health", date(2000, 1, 15), date(2021, 1, 1),
     {"lasting_need_for_care": True}, "zvw", "wlz"),
    ("the study allowance from April 2022", "income", date(2002, 1, 15), date(2022, 4, 1),
     {"medical_bar_to_side_job": True}, "none", "pw_study"),
    ("the Doorstroompunt to 27 from 2026", "absence_dropout", date(2001, 6, 15), date(2026, 1, 1),
     {"enrolment": "none"}, "none", "web_rmc"),
    ("10f becomes 7a in 2026", "work_participation", date(2001, 6, 15), date(2026, 1, 1), {}, "pw", "pw"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "born", "day", "facts", "before", "after"),
    [pytest.param(*row, id=sentence) for sentence, *row in OTHER_BORDERS],
)
def test_a_border_falls_on_its_day(
    domain: str, born: date, day: date, facts: dict[str, Any], before: str, after: str,
    provisions: Callable[..., str],
) -> None:  # fmt: skip
    found = [provisions(domain, born=born, on=on, **facts) for on in (day_before(day), day, day + ONE)]
    assert found == [before, after, after]


SWITCHES: Final = ("2018-07-01", "2021-01-01", "2022-01-01", "2022-04-01", "2023-01-01", "2025-01-01",
                   "2026-01-01", "2026-07-01", "2026-09-01")  # fmt: skip


@pytest.mark.parametrize("age", [15, 17, 19, 21, 24, 30])
@pytest.mark.parametrize("day", SWITCHES)
def test_a_switch_of_the_law_leaves_plain_cases_as_they_were(
    day: str, age: int, provisions: Callable[..., str]
) -> None:
    switch = date.fromisoformat(day)
    born = date(switch.year - age, 1, 1) - timedelta(days=20)
    domains = [row[0] for row in EIGHTEEN if row[0] != "absence_dropout"]
    plain = {"youth_help": None, "criminal_measure": None, "pregnant": True, "children": None,
             "needs": {"disability_phys": "nursing"}, "born": born,
             "residence": {"parents_municipality": "0193"}}  # fmt: skip
    assert provisions(*domains, on=day_before(switch), **plain) == provisions(*domains, on=switch, **plain)


def test_each_switch_of_the_law_has_a_rule_of_its_own(
    decide: Callable[..., Decision], book: Rulebook
) -> None:
    def rule(day: date) -> str:
        (route,) = decide("family_parenting", born=date(2003, 1, 15), on=day, **fostered()).routes
        assert route.rule is not None
        return route.rule.id

    assert rule(date(2022, 12, 31)) == "jw-foster21.practice"
    assert rule(date(2023, 1, 1)) == "jw-foster21"
    starts = {rule.valid_from for rule in book.rules}
    assert {date(2018, 7, 1), date(2021, 1, 1), date(2023, 1, 1), date(2026, 1, 1)} <= starts


@pytest.mark.parametrize("years", [12, 16, 18, 21, 23, 27])
@pytest.mark.parametrize("born", [date(2004, 5, 15), date(2004, 2, 29), date(2004, 12, 31)])
def test_the_age_is_reached_at_the_start_of_the_birthday(
    years: int, born: date, decide: Callable[..., Decision]
) -> None:
    leap = born == date(2004, 2, 29) and years % 4
    day = date(2004 + years, 3, 1) if leap else born.replace(year=2004 + years)
    ages = [decide("learning", born=born, on=on).age for on in (day_before(day), day)]
    assert [age.years for age in ages if age] == [years - 1, years]
