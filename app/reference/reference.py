"""The reference data as one immutable value; the shipped files are read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from app.reference.municipalities import MunicipalityListing, places_of, read_municipalities
from app.reference.names import NameIndex, Resolved, build_name_index
from app.reference.postcodes import Postcode, read_postcodes
from app.reference.schools import ListedSchool, read_schools
from app.reference.tables import Files, hash_of, shipped_text
from app.reference.youth_protection import YouthProtectionOrganisation, read_youth_protection
from app.routing.directory import Place

TABLES = (
    "municipalities",
    "municipality_aliases",
    "municipality_code_history",
    "municipality_regions",
    "municipality_successors",
    "pc4_municipality",
    "pc4_municipality_candidates",
    "mbo_institutions",
    "schools",
    "youth_protection_organisations",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Municipalities (`places` for the core, `listings` for readers), postcodes, schools, youth protection.

    `hash` changes with any of `files`, the tables that all of it was read from.
    """

    places: Mapping[str, Place]
    listings: Mapping[str, MunicipalityListing]
    postcodes: Mapping[str, Postcode]
    schools: tuple[ListedSchool, ...]
    youth_protection: tuple[YouthProtectionOrganisation, ...]
    names: NameIndex
    hash: str
    files: Files = field(repr=False)

    def resolve(self, text: str, on: date | None = None) -> Resolved:
        """Today's code for what somebody wrote; several candidates, or none where it is unknown."""
        return self.names.resolve(text, on)

    def name_of(self, code: str) -> str:
        """What a municipality is called; one that has ended, as it was called last. Unknown, by its code."""
        if code in self.places:
            return self.places[code].municipality.name
        return next((former.name for former in reversed(self.names.former_codes.get(code, ()))), code)

    def region_codes(self) -> frozenset[str]:
        """The codes of all regions of every type."""
        return frozenset(region.code for place in self.places.values() for region in place.regions.values())

    def municipalities_of_pc4(self, pc4: str) -> tuple[str, ...]:
        """The codes that a four-digit postcode touches, largest share first; none where unknown."""
        postcode = self.postcodes.get(pc4)
        return tuple(found.municipality.code for found in postcode.candidates) if postcode else ()


def read_reference(files: Files) -> Reference:
    """The reference that these tables hold; they are whole and fit together (`check_tables`)."""
    listings = read_municipalities(files)
    places = places_of(listings)
    return Reference(
        places=places,
        listings=listings,
        postcodes=read_postcodes(files, places),
        schools=read_schools(files),
        youth_protection=read_youth_protection(files),
        names=build_name_index(files, listings),
        hash=hash_of(files),
        files=files,
    )


@cache
def open_reference() -> Reference:
    """The reference that this release ships, read once per process."""
    return read_reference({name: shipped_text(name) for name in TABLES})
