"""Open data: municipalities, mergers, regions, postcodes, schools and youth-protection organisations."""

from app.reference.municipalities import MunicipalityListing
from app.reference.names import Resolved
from app.reference.postcodes import Postcode, PostcodeCandidate
from app.reference.reference import Reference, open_reference, read_reference
from app.reference.schools import ListedSchool
from app.reference.youth_protection import YouthProtectionOrganisation

__all__ = [
    "ListedSchool",
    "MunicipalityListing",
    "Postcode",
    "PostcodeCandidate",
    "Reference",
    "Resolved",
    "YouthProtectionOrganisation",
    "open_reference",
    "read_reference",
]
