"""A worked case becomes a request in the words of the contract."""

import re
from dataclasses import fields
from datetime import date
from typing import Any, get_args

import pytest

from app.reference.case_flags import circumstances_of, municipality_code, residence_of, told_flags
from app.reference.cases import WorkedCase, worked_case, worked_cases
from app.reference.tables import read_table
from app.routing.dates import age_on
from app.routing.facts import Circumstances, ProblemDomain, Residence, SupportVariant

CASES = {case.case_id: case for case in worked_cases()}
BORN = date(2008, 5, 20)


def field_names(type_: type[Any]) -> set[str]:
    """The field names of a dataclass as they are written in JSON."""
    return {re.sub("_([a-z])", lambda m: m[1].upper(), field.name) for field in fields(type_)}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_case_gives_a_body_with_the_names_of_the_contract(case: WorkedCase) -> None:
    body: Any = case.request()
    assert body["student"].keys() == {"firstNames", "surname", "birthDate"}
    assert body["circumstances"].keys() <= field_names(Circumstances)
    assert body["residence"].keys() <= field_names(Residence)
    assert set(body["problemDomains"]) <= set(get_args(ProblemDomain))
    assert body["supportVariant"] in get_args(SupportVariant)
    assert body["school"].keys() == {"brin", "coreMunicipality"}
    assert body["consents"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_case_expects_a_provision_for_each_domain(case: WorkedCase) -> None:
    assert case.expected_provisions().keys() == {domain.lower() for domain in case.domains}
    assert all(case.expected_provisions().values())


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_case_states_the_age_that_its_dates_give(case: WorkedCase) -> None:
    assert age_on(case.birth_date, case.reference_date) == case.age


def test_expected_outcomes_are_taken_apart() -> None:
    case = CASES["A09"]
    assert case.expected_provisions() == {"family_parenting": ("jw_ext",), "self_reliance": ("wmo",)}
    assert case.expected_bodies() == {"jw_ext": "Zwolle", "wmo": "Dalfsen"}
    assert "TWO_MUNICIPALITIES" in case.expected_warnings()
    assert CASES["G47"].expected_provisions() == {"mental_health": ("emergency", "jw")}


def test_a_foster_stay_names_the_municipality_before_it() -> None:
    body = CASES["A09"].request()
    assert body["homeMunicipality"] == municipality_code("Dalfsen")
    assert body["residence"] == {
        "status": "registered",
        "previousMunicipality": municipality_code("Zwolle"),
        "stay": {"kind": "foster_care", "since": "2020-09-10"},
    }


def test_who_lives_nowhere_or_abroad_has_no_home_municipality() -> None:
    nowhere, abroad = CASES["E37"].request(), CASES["E39"].request()
    assert (nowhere["homeMunicipality"], abroad["homeMunicipality"]) == (None, None)
    assert nowhere["residence"] == {
        "status": "not_registered",
        "motherMunicipalityAtBirth": None,
        "actualStayMunicipality": municipality_code("Utrecht"),
    }
    assert abroad["residence"] == {"status": "abroad"}


@pytest.mark.parametrize(
    ("age", "givers"),
    [(11, ["parent"]), (12, ["student", "parent"]), (15, ["student", "parent"]), (16, ["student"])],
)
def test_consent_is_given_by_whom_the_age_asks(age: int, givers: list[str]) -> None:
    row = read_table("worked_cases")[0] | {
        "birth_date": f"{2026 - age}-05-14",
        "reference_date": "2026-05-14",
    }
    consents: Any = worked_case(row).request()["consents"]
    assert [consent["givenBy"] for consent in consents] == givers


@pytest.mark.parametrize(
    ("flags", "circumstances"),
    [
        ({"prior_youth_help": "no"}, {"youthHelp": None}),
        ({"prior_youth_help": "ggz_ongoing"}, {"youthHelp": [{"type": "mental_health", "ongoing": True}]}),
        (
            {"prior_youth_help": "type1", "youth_help_ended": "2025-11-30"},
            {"youthHelp": [{"type": "pedagogical", "endedOn": "2025-11-30"}]},
        ),
        (
            {"prior_youth_help": "no", "need_established_before_18": "yes"},
            {"youthHelp": [{"type": "pedagogical", "needEstablishedOn": "2026-05-19"}]},
        ),
        (
            {"continuation_decided_by_college": "yes"},
            {"youthHelp": [{"type": "pedagogical", "continuationDecided": True}]},
        ),
        ({"need_established_before_18": "no"}, {}),
        ({"eviction": "yes"}, {"threateningSituation": "eviction"}),
        ({"enrolled": "no", "wajong": "no"}, {"enrolment": "none", "wajong": False}),
        ({"children": "no"}, {"children": None}),
        (
            {"child_birth_year": "2024", "child_brp": "Almelo"},
            {"children": [{"birthYear": 2024, "municipality": "0141"}]},
        ),
        ({"agreement": "no", "offence_age": "22"}, {}),
    ],
)
def test_flags_become_circumstances(flags: dict[str, str], circumstances: dict[str, object]) -> None:
    assert circumstances_of(told_flags(flags), BORN) == circumstances


@pytest.mark.parametrize(
    ("flags", "residence"),
    [
        ({"kamertraining": "yes"}, {"stay": {"kind": "room_training"}}),
        ({"kamertraining": "no"}, {}),
        ({"gezinshuis": "since_age_15"}, {"stay": {"kind": "family_home", "since": "2023-05-20"}}),
        (
            {"residential_since": "2024-02-01"},
            {"stay": {"kind": "residential_youth_care", "since": "2024-02-01"}},
        ),
        ({"brp_status": "under_investigation"}, {"status": "under_investigation"}),
        (
            {"brp_status": "briefadres", "mother_municipality_at_birth": "Kampen"},
            {"status": "postal_address", "motherMunicipalityAtBirth": "0166"},
        ),
    ],
)
def test_flags_become_residence(flags: dict[str, str], residence: dict[str, object]) -> None:
    assert residence_of(told_flags(flags), BORN) == residence


def test_what_is_unknown_is_not_told() -> None:
    assert told_flags({"continuation_decided_by_college": "unknown"}) == {}


def test_an_unknown_flag_is_refused_by_its_name() -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        told_flags({"shoe_size": "43"})


def test_an_unknown_value_is_refused() -> None:
    with pytest.raises(ValueError, match="maybe"):
        circumstances_of({"wajong": "maybe"}, BORN)


def test_a_place_that_means_several_municipalities_is_refused() -> None:
    with pytest.raises(ValueError, match="Bergen"):
        municipality_code("Bergen")


def test_a_city_without_a_demo_school_is_named_alone() -> None:
    row = read_table("worked_cases")[0] | {"core_municipality": "Groningen"}
    assert worked_case(row).request()["school"] == {"coreMunicipality": "0014"}
