"""Where students of a school live: near it more often than far, by the shipped postcodes and regions."""

from datetime import date
from functools import cache
from random import Random
from typing import Final, NamedTuple

from app.reference import Reference, open_reference
from app.reference.demo import demo_directory

# The region that colleges answer to; it stands for a distance that can be travelled every day.
REGION: Final = "rmc"
# A school's system keeps the municipality of a few years ago, not that of its founder's days.
STILL_WRITTEN: Final = date(2014, 1, 1)


class Home(NamedTuple):
    """A four-digit postcode and the municipality that most of it lies in."""

    pc4: str
    municipality: str


@cache
def cores() -> dict[str, str]:
    """The core municipality of each school of the demo directory, by BRIN."""
    return {
        school.brin: school.core_municipality for school in demo_directory(open_reference().places).schools
    }


@cache
def around(core: str) -> dict[str, tuple[Home, ...]]:
    """Every home by its distance from a core municipality, each in the nearest ring that it lies in."""
    reference = open_reference()
    rings: dict[str, list[Home]] = {"core": [], "region": [], "province": [], "country": []}
    for pc4, postcode in reference.postcodes.items():
        municipality = postcode.candidates[0].municipality.code
        rings[_ring(reference, core, municipality)].append(Home(pc4, municipality))
    return {ring: tuple(homes) for ring, homes in rings.items()}


def _ring(reference: Reference, core: str, home: str) -> str:
    if home == core:
        return "core"
    listings, places = reference.listings, reference.places
    if places[home].regions[REGION].code == places[core].regions[REGION].code:
        return "region"
    return "province" if listings[home].province == listings[core].province else "country"


@cache
def former() -> dict[str, tuple[tuple[str, str], ...]]:
    """Codes and names of merged municipalities that somebody may still write, by the one of today."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, formers in open_reference().names.former_codes.items():
        for one in formers:
            if len(one.successors) == 1 and one.valid_to and one.valid_to >= STILL_WRITTEN:
                found.setdefault(one.successors[0], []).append((code, one.name))
    return {code: tuple(names) for code, names in found.items()}


def written(chance: Random, way: str, code: str) -> str:
    """A municipality as a school's system writes it; one that took nobody over by what it is today."""
    name = open_reference().listings[code].name
    former_code, former_name = chance.choice(former().get(code, ((code, name),)))
    match way:
        case "gm_code":
            return f"GM{code}"
        case "name":
            return name
        case "former_code":
            return former_code
        case "former_name":
            return former_name
        case _:
            return code
