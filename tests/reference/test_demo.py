"""The demo directory is fictional, whole, and follows the flags of the worked cases."""

import re
from itertools import chain
from typing import get_args

from app.reference import open_reference
from app.reference.case_flags import municipality_code
from app.reference.cases import worked_cases
from app.reference.demo import demo_directory
from app.routing.directory import Agreement, Mandate, School, Team
from app.routing.facts import ProblemDomain, SupportVariant

REFERENCE = open_reference()
DEMO = demo_directory(REFERENCE.places)
PAIRS = {(agreement.home_municipality, agreement.core_municipality) for agreement in DEMO.agreements}
REGIONS = {region.code for of in REFERENCE.listings.values() for region in of.regions}
ORGANISATIONS = {organisation.code: organisation for organisation in DEMO.organisations}
GRONINGEN = "0014"


def test_every_team_lies_in_a_municipality_of_today_and_covers_known_places() -> None:
    brins = {school.brin for school in DEMO.schools}
    for team in DEMO.teams:
        assert {team.municipality, *team.coverage.municipalities} <= REFERENCE.places.keys()
        assert {*team.coverage.regions} <= REGIONS
        assert {*team.coverage.schools} <= brins


def test_every_team_belongs_to_an_organisation_of_the_demo() -> None:
    assert {team.organisation for team in DEMO.teams} <= ORGANISATIONS.keys()
    assert len(ORGANISATIONS) == len(DEMO.organisations)


def test_identifiers_are_unique_and_as_the_contract_writes_them() -> None:
    things: list[Team | School | Agreement] = [*DEMO.teams, *DEMO.schools, *DEMO.agreements]
    ids = [thing.id for thing in things]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch("[a-z0-9-]{1,64}", id_) for id_ in ids)


def test_all_contact_data_is_plainly_fictional() -> None:
    for team in DEMO.teams:
        assert "Voorbeeld" in team.name
        assert team.contact is not None
        assert re.fullmatch(r"\+3160000\d{4}", team.contact.phone or "")
        assert (team.contact.email or "").endswith("@example.org")


def test_schools_of_the_demo_are_none_of_the_real_ones() -> None:
    assert not {school.brin for school in DEMO.schools} & {school.brin for school in REFERENCE.schools}


def test_a_core_municipality_has_a_youth_team_an_onsite_team_and_a_shelter() -> None:
    kinds = {(team.municipality, team.kind) for team in DEMO.teams}
    for school in DEMO.schools:
        for kind in ("municipal_youth_team", "mbo_onsite_team", "centre_shelter"):
            assert (school.core_municipality, kind) in kinds


def test_each_kind_of_municipal_team_is_registered_once_per_municipality() -> None:
    municipal = [(team.municipality, team.kind) for team in DEMO.teams if not team.coverage.regions]
    assert len(municipal) == len(set(municipal))


def test_every_home_municipality_of_the_cases_has_a_neighbourhood_team_but_groningen() -> None:
    registered = {team.municipality for team in DEMO.teams if team.kind == "neighbourhood_team"}
    homes = {case.request()["homeMunicipality"] for case in worked_cases()} - {None}
    assert homes - registered == {GRONINGEN}


def test_agreements_follow_the_flags_of_the_cases() -> None:
    for case in worked_cases():
        pair = (case.request()["homeMunicipality"], municipality_code(case.core_municipality))
        assert case.agreement is not False or pair not in PAIRS


def test_agreements_speak_the_words_of_the_contract() -> None:
    for agreement in DEMO.agreements:
        assert {agreement.home_municipality, agreement.core_municipality} <= REFERENCE.places.keys()
        assert agreement.mandate in get_args(Mandate)
        assert set(agreement.support_variants or ()) <= set(get_args(SupportVariant))


def test_expertise_holds_problem_domains() -> None:
    told = set(chain.from_iterable(team.expertise for team in DEMO.teams))
    assert told
    assert told <= set(get_args(ProblemDomain))


def test_some_organisations_do_not_work_with_the_service() -> None:
    assert not ORGANISATIONS["VT11"].connected
    assert ORGANISATIONS["0193"].connected
