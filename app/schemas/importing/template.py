"""The table that somebody starts from: all columns, and one person who does not exist."""

from typing import Any, Final

from app.adapters.csv_table import write_csv
from app.schemas.example import EXAMPLE
from app.schemas.importing.cells import cells_of
from app.schemas.importing.columns import COLUMNS

# What a cell may hold besides: several values, several lists that go together, and nothing.
FILLED: Final[dict[str, Any]] = {
    **EXAMPLE,
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
        *EXAMPLE["consents"],
        {"givenBy": "student", "givenOn": "2026-05-13", "purpose": "feedback", "recipients": ["gp", "jgz"]},
    ],
}


def template() -> str:
    """CSV with every column and one row; columns that are not needed may be taken out."""
    return write_csv([column.name for column in COLUMNS], [cells_of(FILLED)])
