"""The two worked examples are played: every row of theirs asks for what a referral needs."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from app.adapters.tables import FileSource, examine, read_rows
from app.reference import open_reference
from app.schemas.importing import Reader, load_mapping
from app.schemas.json_body import Parsed
from app.schemas.request import ReferralRequest
from app.schemas.submission import to_submission

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples" / "import"
TODAY: Final = date(2026, 11, 22)
# What is told by codes, forms, constants and one column for two of ours.
TOLD: Final[dict[str, dict[str, Any]]] = {
    "school-administration": {
        "sourceReference": "2026-0006",
        "student": {
            "studentNumber": "D100236",
            "firstNames": "Fenna",
            "surname": "de Proef",
            "birthDate": "2008-11-30",
            "postcode": "7711 AA",
            "houseNumber": "22",
            "email": "fenna@example.org",
        },
        "homeMunicipality": "Staphorst",
        "residence": {"status": "registered"},
        "school": {"brin": "00ZZ", "location": "00ZZ01"},
        "problemDomains": ["disability_id"],
        "supportVariant": "own_neighbourhood",
        "circumstances": {
            "enrolment": "bol",
            "needs": {"disability_id": "guidance"},
            "youthHelp": [
                {"type": "guidance", "startedOn": "2019-09-01", "endedOn": "2022-06-30"},
                {"type": "pedagogical", "startedOn": "2024-01-01"},
            ],
        },
        "consents": [
            {"givenBy": "student", "givenOn": "2026-11-13", "purpose": "referral", "recipients": "all"}
        ],
        "referrer": {"name": "A. Coach", "role": "mentor"},
        "reason": "Heeft al begeleiding gehad.",
    },
    "care-team-export": {
        "sourceReference": "Z-310",
        "student": {
            "studentNumber": "S0300010",
            "firstNames": "Adam",
            "surname": "Fictie-Test",
            "birthDate": "2002-10-10",
            "postcode": "8091AA",
            "houseNumber": "61",
        },
        "homeMunicipality": "0269",
        "school": {"brin": "00ZZ", "coreMunicipality": "Zwolle"},
        "problemDomains": ["debts"],
        "supportVariant": "own_neighbourhood",
        "circumstances": {
            "homeless": False,
            "acuteDanger": False,
            "studentFinance": False,
            "children": [{"birthDate": "2022-02-02"}, {}],
        },
        "consents": [
            {"givenBy": "student", "givenOn": "2026-11-05", "purpose": "referral", "recipients": "all"}
        ],
        "referrer": {"name": "K. Coördinator", "email": "zorg@example.org"},
        "reason": "Twee kinderen; van een is de datum niet bekend.",
    },
}


@pytest.mark.parametrize("name", TOLD)
def test_every_row_of_an_example_can_be_submitted(name: str) -> None:
    bodies = bodies_of(name)
    assert len(bodies) == 12
    for body in bodies:
        parsed = Parsed(ReferralRequest.model_validate(body), body)
        to_submission(parsed, open_reference(), TODAY, path="/v1/imports")


@pytest.mark.parametrize("name", TOLD)
def test_a_row_of_an_example_tells_what_its_mapping_says(name: str) -> None:
    assert TOLD[name] in bodies_of(name)


def bodies_of(name: str) -> list[dict[str, Any]]:
    file = FileSource(EXAMPLES / f"{name}.csv")
    examined = examine(file)
    mapping = load_mapping((EXAMPLES / f"{name}.toml").read_bytes())
    reader = Reader(examined.columns, mapping, open_reference())
    return [reader.body(row.cells) for row in read_rows(file, examined)]
