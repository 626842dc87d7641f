"""Each field of a referral request has one column, and its cells tell what the body told."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import given, settings

from app.reference import open_reference
from app.schemas.importing import COLUMNS, Reader, cells_of, template
from app.schemas.request import ReferralRequest
from tests.importing.bodies import BODIES

NAMES: Final = tuple(column.name for column in COLUMNS)
DOCUMENT: Final = ReferralRequest.model_json_schema(by_alias=True)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(NAMES, None, open_reference())


def fields_of(schema: dict[str, Any], before: str = "") -> Iterator[str]:
    """The paths of all fields of the JSON schema that are no object themselves."""
    for name, field in schema["properties"].items():
        options = [field, *field.get("anyOf", ())]
        options += [option["items"] for option in options if "items" in option]
        named = [DOCUMENT["$defs"][o["$ref"].split("/")[-1]] for o in options if "$ref" in o]
        lists = [each for each in named if each.get("type") == "array"]
        inner = [each for each in named if "properties" in each]
        assert not lists
        yield from fields_of(inner[0], f"{before}{name}.") if inner else [f"{before}{name}"]


def test_each_field_of_a_request_has_one_column() -> None:
    assert sorted(NAMES) == sorted(fields_of(DOCUMENT))


def test_the_template_is_a_row_that_can_be_run(reader: Reader) -> None:
    header, row = csv.reader(io.StringIO(template()))
    assert tuple(header) == NAMES
    ReferralRequest.model_validate(reader.body(row))


@settings(max_examples=100, deadline=None)
@given(body=BODIES)
def test_any_body_survives_its_cells(reader: Reader, body: dict[str, Any]) -> None:
    sent = told_by(ReferralRequest.model_validate(body))
    assert told_by(ReferralRequest.model_validate(reader.body(cells_of(body)))) == sent


def told_by(request: ReferralRequest) -> dict[str, Any]:
    """What a request tells: objects of which nothing is told, or that are null as a whole, tell nothing."""
    told = request.model_dump(mode="json", exclude_unset=True)
    untold = [name for name in ("student", "school", "residence", "circumstances") if not told.get(name)]
    return {name: value for name, value in told.items() if name not in untold}
