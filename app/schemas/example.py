"""The referral of CONTRACT 2, of a person who does not exist: what is shown and measured starts from it."""

from typing import Any, Final

# One day before the 18th birthday: what the referral is decided for where its own day does not matter.
REFERENCE_DATE: Final = "2026-05-14"

EXAMPLE: Final[dict[str, Any]] = {
    "sourceReference": "sis-2026-004711",
    "student": {
        "studentNumber": "S0012345",
        "firstNames": "Sanne",
        "surname": "Voorbeeld",
        "birthDate": "2008-05-15",
        "postcode": "8261AA",
        "houseNumber": "12",
        "email": "sanne@example.org",
        "phone": "+31600000000",
    },
    "homeMunicipality": "0166",
    "residence": {"status": "registered"},
    "school": {"brin": "00ZZ", "location": "00ZZ01", "coreMunicipality": "0193"},
    "problemDomains": ["mental_health", "debts"],
    "supportVariant": "own_neighbourhood",
    "circumstances": {"youthHelp": None, "enrolment": "bol"},
    "consents": [{"givenBy": "student", "givenOn": "2026-05-13", "purpose": "referral", "recipients": "all"}],
    "referrer": {"name": "M. Voorbeeld", "role": "school_social_worker", "email": "referrer@example.org"},
    "reason": "Sanne slaapt al weken slecht en heeft schulden.",
}
