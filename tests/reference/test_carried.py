"""Facts that were stored before municipalities merged can be decided on afterwards."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.reference import Reference, open_reference, read_reference
from app.reference.carried import carried_facts
from app.reference.renewal import write_table
from app.reference.tables import rows_of
from app.routing import Directory, Facts, load_rulebook, route
from app.routing.facts import ABSENT, Child, Circumstances, Residence

DAY = date(2026, 11, 21)
FACTS = Facts(
    problem_domains=("debts", "informal_care", "pregnancy_parenthood", "family_parenting"),
    support_variant="own_neighbourhood",
    birth_date=date(2008, 1, 1),
    home_municipality="0166",
    core_municipality="0193",
    pc4="8261",
    pc4_municipalities=("0166",),
    residence=Residence(parents_municipality="0166", mother_municipality_at_birth=None),
    circumstances=Circumstances(
        care_recipient_municipality="0166", children=(Child(municipality="0166"), Child(birth_year=2025))
    ),
)


@pytest.fixture(scope="module")
def without_kampen() -> Reference:
    """The shipped reference after Kampen went into Zwolle."""
    return gone({"0166": ("0193",)})


def gone(ended: dict[str, tuple[str, ...]]) -> Reference:
    files = dict(open_reference().files)
    for name in ("municipalities", "municipality_regions", "pc4_municipality", "pc4_municipality_candidates"):
        rows = [row for row in rows_of(files[name]) if row["municipality_code"] not in ended]
        files[name] = write_table(name, rows)
    fixed = {"name": "X", "dissolved_on": "2026-11-01", "successor_name": "Y"}
    pairs = [(old, new) for old, into in ended.items() for new in into]
    steps = [{**fixed, "municipality_code": old, "successor_code": new} for old, new in pairs]
    files["municipality_successors"] = write_table("municipality_successors", steps)
    return read_reference(files)


def test_every_municipality_that_is_no_more_is_replaced_and_marked(without_kampen: Reference) -> None:
    carried = carried_facts(FACTS, without_kampen)
    assert carried.home_municipality == carried.residence.parents_municipality == "0193"
    assert carried.circumstances.care_recipient_municipality == "0193"
    assert carried.circumstances.children == (Child(municipality="0193"), Child(birth_year=2025))
    assert carried.residence.mother_municipality_at_birth is None
    assert "homeMunicipality" in carried.merged
    assert carried.pc4_municipalities == ()


def test_what_they_are_decided_on_is_a_decision_again(without_kampen: Reference) -> None:
    directory = Directory(1, without_kampen.places)
    with pytest.raises(KeyError):
        route(FACTS, load_rulebook(), directory, DAY, DAY)
    decision = route(carried_facts(FACTS, without_kampen), load_rulebook(), directory, DAY, DAY)
    assert "MUNICIPALITY_MERGED" in {warning.code for warning in decision.warnings}


def test_a_home_that_was_split_becomes_a_choice_and_other_places_are_not_told() -> None:
    carried = carried_facts(FACTS, gone({"0166": ("0193", "0171")}))
    assert (carried.home_municipality, carried.home_candidates) == (None, ("0171", "0193"))
    assert carried.residence.parents_municipality is ABSENT


def test_a_choice_of_before_is_carried_over_too(without_kampen: Reference) -> None:
    chosen = Facts(problem_domains=("debts",), support_variant=None, home_candidates=("0166", "0171"))
    assert carried_facts(chosen, without_kampen).home_candidates == ("0171", "0193")


@pytest.mark.parametrize("facts", [FACTS, replace(FACTS, home_municipality=None)])
def test_facts_of_today_stay_as_they_are(facts: Any) -> None:
    assert carried_facts(facts, open_reference()) is facts
