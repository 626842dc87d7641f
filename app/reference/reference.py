"""The shipped open data as one immutable value, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.reference.municipalities import MunicipalityListing, places_of, read_municipalities
from app.reference.names import NameIndex, Resolved, build_name_index
from app.reference.postcodes import Postcode, read_postcodes
from app.reference.schools import ListedSchool, read_schools
from app.reference.tables import hash_of
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
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Municipalities (`places` for the core, `listings` for readers), postcodes and schools.

    `hash` changes with any shipped table.
    """

    places: Mapping[str, Place]
    listings: Mapping[str, MunicipalityListing]
    postcodes: Mapping[str, Postcode]
    schools: tuple[ListedSchool, ...]
    names: NameIndex
    hash: str

    def resolve(self, text: str, on: date | None = None) -> Resolved:
        """Today's code for what somebody wrote; several candidates, or none where it is unknown."""
        return self.names.resolve(text, on)

    def municipalities_of_pc4(self, pc4: str) -> tuple[str, ...]:
        """The codes that a four-digit postcode touches, largest share first; none where unknown."""
        postcode = self.postcodes.get(pc4)
        return tuple(found.municipality.code for found in postcode.candidates) if postcode else ()


@cache
def open_reference() -> Reference:
    """Reads the shipped tables, once per process."""
    listings = read_municipalities()
    places = places_of(listings)
    return Reference(
        places=places,
        listings=listings,
        postcodes=read_postcodes(places),
        schools=read_schools(),
        names=build_name_index(listings),
        hash=hash_of(TABLES),
    )
