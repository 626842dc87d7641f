"""The table that somebody starts from: all columns, and one person who does not exist."""

from typing import Any, Final

from app.adapters.csv_table import write_csv
from app.schemas.importing.cells import cells_of
from app.schemas.importing.columns import COLUMNS

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
    "circumstances": {
        "youthHelp": [
            {"type": "pedagogical", "startedOn": "2023-09-01", "ongoing": True},
            {"type": "guidance", "endedOn": "2022-06-30"},
        ],
        "criminalMeasure": None,
        "enrolment": "bol",
        "needs": {"mental_health": "treatment"},
    },
    "consents": [
        {"givenBy": "student", "givenOn": "2026-05-13", "purpose": "referral", "recipients": "all"},
        {"givenBy": "student", "givenOn": "2026-05-13", "purpose": "feedback", "recipients": ["gp", "jgz"]},
    ],
    "referrer": {
        "name": "M. Voorbeeld",
        "role": "school_social_worker",
        "email": "referrer@example.org",
    },
    "reason": "Sanne slaapt al weken slecht en heeft schulden.",
}


def template() -> str:
    """CSV with every column and one row; columns that are not needed may be taken out."""
    return write_csv([column.name for column in COLUMNS], [cells_of(EXAMPLE)])
