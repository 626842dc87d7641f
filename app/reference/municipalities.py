"""The municipalities of today, with their province and the regions they lie in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.reference.spelling import spelling_key
from app.reference.tables import Files, rows_of
from app.routing.decision import Municipality, Region
from app.routing.directory import Place

# Type of region -> columns of its code and name; the sources of the last two give names alone.
REGION_COLUMNS: Mapping[str, tuple[str | None, str]] = {
    "veilig_thuis": ("veilig_thuis_region_code", "veilig_thuis_region_name"),
    "rmc": ("rmc_region_code", "rmc_region_name"),
    "youth": ("youth_region_code", "youth_region_name"),
    "safety": ("safety_region_code", "safety_region_name"),
    "ggd": (None, "ggd_region_name"),
    "labour_market": (None, "labour_market_region_name"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityListing:
    """What the reference data tells of one municipality: BRP name, CBS name, province, regions."""

    code: str
    name: str
    cbs_name: str
    province: str
    regions: tuple[Region, ...]


def read_municipalities(files: Files) -> Mapping[str, MunicipalityListing]:
    """The municipalities of today by four-digit code, in the order of the code."""
    regions = {row["municipality_code"]: regions_of(row) for row in rows_of(files["municipality_regions"])}
    return MappingProxyType(
        {
            row["municipality_code"]: MunicipalityListing(
                code=row["municipality_code"],
                name=row["name"],
                cbs_name=row["cbs_name"],
                province=row["province_name"],
                regions=regions[row["municipality_code"]],
            )
            for row in rows_of(files["municipalities"])
        }
    )


def places_of(listings: Mapping[str, MunicipalityListing]) -> Mapping[str, Place]:
    """The same municipalities as the directory reads them, by code."""
    return MappingProxyType(
        {
            code: Place(
                municipality=Municipality(code, listing.name),
                regions=MappingProxyType({region.type: region for region in listing.regions}),
            )
            for code, listing in listings.items()
        }
    )


def regions_of(row: Mapping[str, str]) -> tuple[Region, ...]:
    """The regions that a row of `municipality_regions` names, one of each type."""
    return tuple(
        Region(type_, row[code] if code else _slug(row[name]), row[name])
        for type_, (code, name) in REGION_COLUMNS.items()
    )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", spelling_key(name)).strip("-")
