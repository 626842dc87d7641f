"""The shipped tables hold together."""

import re
from itertools import chain

import pytest

from app.reference import open_reference
from app.reference.reference import TABLES
from app.reference.tables import DATA, hash_of, read_table

REFERENCE = open_reference()


def test_there_are_342_municipalities_and_each_has_a_region_of_every_type() -> None:
    types = {"veilig_thuis", "rmc", "youth", "ggd", "labour_market", "safety"}
    assert len(REFERENCE.places) == 342
    assert all(place.regions.keys() == types for place in REFERENCE.places.values())


def test_a_region_without_code_in_the_source_gets_one_from_its_name() -> None:
    assert REFERENCE.places["0363"].regions["ggd"].code == "ggd-amsterdam"


def test_one_region_code_has_one_name() -> None:
    regions = {region for of in REFERENCE.listings.values() for region in of.regions}
    assert len(regions) == len({(region.type, region.code) for region in regions})


def test_every_name_of_today_means_its_own_municipality() -> None:
    for code, listing in REFERENCE.listings.items():
        assert REFERENCE.resolve(listing.name).code == code
        assert REFERENCE.resolve(listing.cbs_name).code == code


def test_every_former_code_without_a_split_gives_the_code_of_the_table() -> None:
    corrected = {row["municipality_code"] for row in read_table("municipality_successors")}
    for row in read_table("municipality_code_history"):
        found = REFERENCE.resolve(row["municipality_code"])
        if row["municipality_code"] not in corrected and not found.candidates:
            assert found.code == (row["current_code"] or None)


@pytest.mark.parametrize(
    ("table", "code", "name"),
    [
        ("municipality_successors", "successor_code", "successor_name"),
        ("municipality_aliases", "municipality_code", "municipality_name"),
    ],
)
def test_the_added_tables_name_municipalities_of_today(table: str, code: str, name: str) -> None:
    for row in read_table(table):
        assert REFERENCE.places[row[code]].municipality.name == row[name]


def test_a_split_is_a_name_of_the_history() -> None:
    former = {(row["municipality_code"], row["name"]) for row in read_table("municipality_code_history")}
    assert {
        (row["municipality_code"], row["name"]) for row in read_table("municipality_successors")
    } <= former


def test_every_postcode_lies_in_municipalities_of_today() -> None:
    codes = {pc4: REFERENCE.municipalities_of_pc4(pc4) for pc4 in REFERENCE.postcodes}
    assert len(codes) == 4073
    assert all(re.fullmatch("[1-9][0-9]{3}", pc4) and found for pc4, found in codes.items())
    assert set(chain.from_iterable(codes.values())) == REFERENCE.places.keys()


def test_a_postcode_over_a_border_has_all_its_municipalities_largest_first() -> None:
    assert REFERENCE.municipalities_of_pc4("1027") == ("0363", "0852")
    shares = [candidate.share for candidate in REFERENCE.postcodes["1027"].candidates]
    assert shares == [0.9767, 0.0232]


def test_an_unknown_postcode_has_no_municipality() -> None:
    assert REFERENCE.municipalities_of_pc4("0000") == ()


def test_schools_have_a_core_municipality_where_it_is_known() -> None:
    core = {school.brin: school.core_municipality for school in REFERENCE.schools}
    assert len(core) == 57
    assert core["25PJ"] == "0193"
    assert core["00GT"] in REFERENCE.places
    assert core["01AA"] is None


def test_the_hash_is_over_every_shipped_table_that_resolves_something() -> None:
    assert set(TABLES) == {path.stem for path in DATA.glob("*.csv")} - {"worked_cases"}
    changed = {**REFERENCE.files, "schools": REFERENCE.files["schools"] + "\n"}
    assert REFERENCE.hash == hash_of(REFERENCE.files) != hash_of(changed)
