"""Shipped open data: municipalities, mergers, regions, postcodes and schools."""

from app.reference.municipalities import MunicipalityListing
from app.reference.names import Resolved
from app.reference.postcodes import Postcode, PostcodeCandidate
from app.reference.reference import Reference, open_reference
from app.reference.schools import ListedSchool

__all__ = [
    "ListedSchool",
    "MunicipalityListing",
    "Postcode",
    "PostcodeCandidate",
    "Reference",
    "Resolved",
    "open_reference",
]
