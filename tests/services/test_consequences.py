"""What a newer reference does to teams, schools and agreements that name a place that is no more."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.reference import open_reference
from app.routing.decision import Region
from app.routing.directory import Agreement, Coverage, School, Team
from app.services.consequences import Successions, carried_over, consequences, successions

TODAY = date(2026, 11, 21)
ENDED = Successions({"0166": ("0193",), "0788": ("0757", "0865")}, {"JZ99": ("JZ01",), "MC99": ()})
TEAM = Team(
    id="wijkteam",
    kind="neighbourhood_team",
    name="Wijkteam",
    organisation="0166",
    municipality="0166",
    valid_from=date(2026, 1, 1),
    coverage=Coverage(municipalities=("0166", "0193", "0788"), regions=("JZ99", "MC99", "VT01")),
)
SCHOOL = School(id="s", brin="00ZZ", name="S", core_municipality="0166", valid_from=date(2026, 1, 1))
AGREEMENT = Agreement(
    id="a",
    home_municipality="0788",
    core_municipality="0166",
    mandate="provide",
    payer="home",
    valid_from=date(2026, 1, 1),
)


def found(thing: Any) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(one.field, one.code): one.into for one in consequences(thing, ENDED, TODAY)}


def test_every_place_that_names_what_ends_is_found() -> None:
    assert found(TEAM) == {
        ("municipality", "0166"): ("0193",),
        ("coverage.municipalities", "0166"): ("0193",),
        ("coverage.municipalities", "0788"): ("0757", "0865"),
        ("coverage.regions", "JZ99"): ("JZ01",),
        ("coverage.regions", "MC99"): (),
    }
    assert found(SCHOOL) == {("coreMunicipality", "0166"): ("0193",)}
    assert found(AGREEMENT) == {
        ("homeMunicipality", "0788"): ("0757", "0865"),
        ("coreMunicipality", "0166"): ("0193",),
    }


def test_what_has_one_successor_is_carried_over_without_doubles() -> None:
    carried = carried_over(TEAM, consequences(TEAM, ENDED, TODAY))
    assert isinstance(carried, Team)
    assert (carried.municipality, carried.organisation) == ("0193", "0166")
    assert carried.coverage.municipalities == ("0193", "0788")
    assert carried.coverage.regions == ("JZ01", "MC99", "VT01")
    assert carried_over(SCHOOL, consequences(SCHOOL, ENDED, TODAY)) == replace(
        SCHOOL, core_municipality="0193"
    )
    agreement = carried_over(AGREEMENT, consequences(AGREEMENT, ENDED, TODAY))
    assert agreement == replace(AGREEMENT, core_municipality="0193")


@pytest.mark.parametrize("last", [date(2026, 11, 20), date(2020, 1, 1)])
def test_what_has_ended_itself_stands_in_nobodys_way(last: date) -> None:
    assert consequences(replace(TEAM, valid_to=last), ENDED, TODAY) == []
    assert consequences(replace(TEAM, valid_to=TODAY), ENDED, TODAY) != []


def test_a_region_is_followed_by_the_one_in_which_its_municipalities_now_lie() -> None:
    def other(region: Region) -> Region:
        return replace(region, code="JZ99") if region.code == "JZ01" else region

    before = open_reference()
    listings = {
        code: replace(listing, regions=tuple(map(other, listing.regions)))
        for code, listing in before.listings.items()
    }
    renamed = replace(before, listings=listings)
    assert successions(renamed, before).regions == {"JZ99": ("JZ01",)}
