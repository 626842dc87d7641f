"""The cohort of the bench is the same for a seed, as students are, and costs no memory."""

import tracemalloc
from dataclasses import replace
from datetime import date
from io import StringIO
from itertools import islice
from random import Random

import pytest

from app.reference import open_reference
from app.routing import load_rulebook, route
from app.routing.dates import age_on
from app.routing.vocabulary import PROBLEM_DOMAINS
from app.schemas.json_body import Parsed
from app.schemas.request import ReferralRequest
from app.schemas.submission import to_submission
from bench import cohort
from bench.decide import demo
from bench.homes import cores, former
from bench.students import HELPED, ON, choice, referral

STUDENTS = [referral(1, number) for number in range(4000)]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    files = [StringIO() for _ in range(3)]
    for seed, file in zip((1, 1, 2), files, strict=True):
        cohort.write(50, seed, file)
    same, again, other = (file.getvalue() for file in files)
    assert same == again != other


def test_every_row_of_a_cohort_has_a_cell_for_each_of_its_columns() -> None:
    file = StringIO()
    cohort.write(2, 1, file)
    assert file.getvalue().splitlines()[0] == ",".join(cohort.COLUMNS)


def test_students_are_15_to_27_and_one_in_seventeen_is_helped() -> None:
    ages = {age_on(date.fromisoformat(one["student"]["birthDate"]), ON) for one in STUDENTS}
    told = [one["circumstances"] for one in STUDENTS]
    helped = sum(bool(one.get("youthHelp")) or "guidance" in one.get("needs", {}).values() for one in told)
    assert ages == set(range(15, 28))
    assert helped == pytest.approx(HELPED * len(STUDENTS), rel=0.2)


def test_every_problem_domain_is_asked_and_none_is_unknown() -> None:
    asked = {domain for one in STUDENTS for domain in one["problemDomains"]}
    assert asked == set(PROBLEM_DOMAINS) == set(choice("domains").words)


def test_most_live_near_their_school_and_some_write_what_was_merged() -> None:
    reference = open_reference()
    found = [reference.resolve(one["homeMunicipality"]) for one in STUDENTS]
    at_core = sum(
        home.code == cores()[one["school"]["brin"]] for home, one in zip(found, STUDENTS, strict=True)
    )
    assert at_core > len(STUDENTS) / 3
    assert sum(home.merged for home in found) > 0
    assert "1966" in former()


def test_every_student_can_be_referred() -> None:
    for one in STUDENTS[:500]:
        parsed = Parsed(ReferralRequest.model_validate(one), one)
        to_submission(parsed, open_reference(), ON, path="/")


@pytest.mark.parametrize("chosen", ["00ZZ", "00ZZ01"])
def test_what_was_found_for_other_students_changes_no_decision(chosen: str) -> None:
    shown, rulebook = demo(), load_rulebook()
    # Two schools have one core municipality, and its team on site is that of one of them or of a location.
    second = next(school for school in shown.schools if school.brin == "00ZY")
    schools = (*set(shown.schools) - {second}, replace(second, core_municipality="0193"))
    teams = tuple(
        replace(team, coverage=replace(team.coverage, schools=team.coverage.schools and (chosen,)))
        for team in shown.teams
    )
    directory = replace(shown, teams=teams, schools=schools)
    for one in STUDENTS[:800]:
        parsed = Parsed(ReferralRequest.model_validate(one), one)
        facts = to_submission(parsed, open_reference(), ON, path="/").facts
        alone = route(facts, rulebook, replace(directory), ON, ON)
        assert route(facts, rulebook, directory, ON, ON) == alone


def test_some_rows_are_doubles_and_some_of_those_have_other_content() -> None:
    seen: dict[str, cohort.Cells] = {}
    same = [
        first == row
        for row in cohort.rows(6000, seed=1)
        if (first := seen.setdefault(row["sourceReference"], row)) is not row
    ]
    assert same.count(True) > same.count(False) > 0


@pytest.mark.parametrize("fault", choice("faults").words)
def test_a_typing_error_changes_one_cell(fault: str) -> None:
    good = cohort.typed(1, 3)
    bad = cohort.mistyped(Random(1), fault, good)  # noqa: S311
    assert len(bad.items() - good.items()) == 1


def test_a_cohort_of_any_size_takes_the_memory_of_a_row() -> None:
    list(islice(cohort.rows(100, seed=1), 100))
    tracemalloc.start()
    for _ in cohort.rows(3000, seed=1):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000
