"""G31: a property that is named as a citizen number is refused by name at any depth, and stored nowhere."""

import json
from itertools import cycle
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI

from app.api.openapi import document
from app.schemas.json_body import names_citizen_number
from tests.malformed.classes import CANARY, JSON
from tests.malformed.driver import Case, send
from tests.malformed.operations import Operation, operations_of

SPELLINGS = (
    "bsn", "BSN", "Bsn", "b-s-n", "b_s_n", "b.s.n.", "bsn1", "studentBsn", "student_bsn", "bsnNummer",
    "BSN-nr", "\uff42\uff53\uff4e", "burgerservicenummer", "burgerServiceNummer", "BurgerServiceNr",
    "burger-service-nummer", "burger_service_nr", "burgerservice", "citizenServiceNumber",
    "citizenNumber", "citizen_id", "pgn", "PGN", "persoonsgebondenNummer", "persoonsgebonden_nr",
    "persoonsnummer", "persoonsNr", "onderwijsnummer", "onderwijs-nummer", "onderwijsNr",
    "ONDERWIJSNUMMER", "educationNumber", "sofi", "sofinummer", "sofi_nr", "sociaalFiscaalNummer",
    "socialSecurityNumber", "ssn", "nationalId", "nationalIdentificationNumber", "a-nummer", "aNummer",
    "v-nummer", "vreemdelingennummer",
)  # fmt: skip
# Names that look like one and are none.
OTHERS = (
    "studentNumber", "houseNumber", "cbsName", "absenceHours", "onderwijsniveau", "onderwijsinstelling",
    "sofie", "businessName", "className", "nationality", "personal", "educationLevel", "phoneNumber",
    "persoonsgegevens", "vreemdelingenstatus", "citizenship", "nummer", "signal",
)  # fmt: skip
# Where in what is put into an object of a body the name stands.
DEPTHS = (
    '{name}: "{word}"',
    '"x": {{{name}: "{word}"}}',
    '"x": [[{{"y": [{{{name}: {{"z": "{word}"}}}}]}}]]',
    '"x": {{"y": {{"z": {{"a": {{"b": [1, {{{name}: 123456782, "word": "{word}"}}]}}}}}}}}',
)
ROWS = "SELECT string_agg(t::text, ' ') FROM {} AS t"
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_citizen_number_is_known_in_every_spelling(name: str) -> None:
    assert names_citizen_number(name)


@pytest.mark.parametrize("name", OTHERS)
def test_a_name_that_only_looks_like_one_is_none(name: str) -> None:
    assert not names_citizen_number(name)


def cases(operation: Operation) -> list[Case]:
    """Each spelling in the next place of the body, each time at another depth."""
    places, depths = cycle(operation.objects), cycle(DEPTHS)
    return [
        Case(
            "citizen number", operation, refused=True, headers=[JSON], place=place,
            body=operation.body_with_pair(place, next(depths).format(name=json.dumps(name), word=CANARY)),
        )
        for name, place in zip([*SPELLINGS, *SPELLINGS], places, strict=False)
    ]  # fmt: skip


async def test_it_is_refused_by_name_in_every_body_at_every_depth_and_stored_nowhere(
    app: FastAPI, key: str, owner: asyncpg.Connection
) -> None:
    operations = [one for one in operations_of(document(), {}) if one.example is not None]
    sent = [case for operation in operations for case in cases(operation)]
    for case in sent:
        answer = await send(app, case, key)
        told: dict[str, Any] = json.loads(answer.body)
        codes = {fault["code"] for fault in told.get("errors", ())}
        assert (answer.status, codes) == (400, {"citizen_number_refused"}), (
            case.operation.name,
            case.body,
            told,
        )
        assert CANARY.encode() not in answer.body
    stored = [await owner.fetchval(ROWS.format(row["relname"])) for row in await owner.fetch(TABLES)]
    assert CANARY not in " ".join(filter(None, stored))
    places = {(operation.name, place) for operation in operations for place in operation.objects}
    assert {(case.operation.name, case.place) for case in sent} == places
