"""The OpenAPI document, the program and the contract say the same."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from pydantic.alias_generators import to_camel, to_snake

from app.api.meanings import meanings
from app.api.openapi import VERSION, document, export
from app.api.problem_kinds import KINDS, OF_ERROR
from app.errors import InvalidInput, VerwijsrouteError
from app.routing import load_rulebook
from app.routing.vocabulary import FRAMEWORK_OF, RECEIVERS
from app.schemas import words
from app.schemas.base import Shape
from app.schemas.directory import AgreementRequest, SchoolRequest, TeamRequest
from app.schemas.faults import SENTENCES
from app.schemas.json_body import names_citizen_number, parse
from app.schemas.possible import check_possible
from app.schemas.request import DecisionRequest, FactsRequest, ReferralRequest

Json = dict[str, Any]
DIRECTORY = ("teams", "schools", "agreements")
PATHS = {
    ("post", "/decisions"),
    ("post", "/decisions/_batch"),
    ("post", "/referrals"),
    ("get", "/referrals"),
    ("get", "/referrals/{id}"),
    ("get", "/referrals/{id}/receipt"),
    ("post", "/referrals/{id}/facts"),
    ("post", "/referrals/{id}/consents"),
    ("post", "/referrals/{id}/advice/{adviceId}"),
    ("post", "/referrals/_search"),
    ("get", "/statistics"),
    *(("post", f"/{kind}") for kind in ("erasures", "access-reports", "person-exports")),
    *(("get", f"/imports{rest}") for rest in ("", "/{id}", "/{id}/rows")),
    *(("post", "/imports"), ("delete", "/imports/{id}")),
    ("get", "/handovers"),
    ("get", "/handovers/{id}"),
    ("post", "/handovers/{id}/transitions"),
    ("get", "/handovers/{id}/events"),
    ("get", "/events"),
    *((method, "/webhook-subscriptions") for method in ("get", "post")),
    *((method, "/webhook-subscriptions/{id}") for method in ("get", "put", "delete")),
    ("get", "/webhook-subscriptions/{id}/deliveries"),
    ("get", "/webhook-subscriptions/{id}/deliveries/{deliveryId}"),
    ("post", "/webhook-subscriptions/{id}/deliveries/{deliveryId}/skip"),
    ("post", "/webhook-subscriptions/{id}/test-deliveries"),
    *((method, f"/{kind}/{{id}}") for kind in DIRECTORY for method in ("get", "put", "delete")),
    *(("get", f"/{kind}") for kind in DIRECTORY),
    ("get", "/municipalities"),
    ("get", "/municipalities/{code}"),
    ("get", "/postcodes/{pc4}"),
    ("get", "/youth-protection-organisations"),
    ("get", "/rules"),
    ("get", "/rules/{id}"),
}
COMMITTED = Path(__file__).parents[1] / "openapi.yaml"


def operations() -> Iterator[tuple[str, str, Json]]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def nodes(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for item in node:
            yield from nodes(item)


def test_the_document_is_valid_openapi() -> None:
    validate(document())
    assert document()["openapi"] == "3.1.0"


def test_the_committed_document_is_that_of_the_program() -> None:
    assert COMMITTED.read_text("utf-8") == export(), "run `verwijsroute openapi export > openapi.yaml`"


def test_yaml_and_json_hold_the_same() -> None:
    assert yaml.safe_load(export()) == json.loads(json.dumps(document()))


def test_the_paths_are_those_of_the_contract() -> None:
    assert {(method, path) for path, method, _ in operations()} == PATHS


def test_the_document_introduces_itself() -> None:
    info = document()["info"]
    assert {"name", "url", "email"} == info["contact"].keys()
    assert info["license"]["identifier"] == "EUPL-1.2"
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])
    assert info["version"] == VERSION
    assert all(re.fullmatch(r"https://.+/v1", server["url"]) for server in document()["servers"])


def test_every_operation_has_a_name_a_summary_and_a_description() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", name) for name in names)
    assert all(operation["summary"] and operation["description"] for _, _, operation in operations())


def test_every_answer_names_the_version_header() -> None:
    components = document()["components"]["responses"]
    for _, _, operation in operations():
        for answer in operation["responses"].values():
            found = components[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
            assert "API-Version" in found["headers"]


def test_problems_are_problem_json_and_422_is_a_reused_key_alone() -> None:
    for name, answer in document()["components"]["responses"].items():
        assert name == "NotModified" or list(answer["content"]) == ["application/problem+json"]
    assert {path for path, _, operation in operations() if "422" in operation["responses"]} == {
        *("/referrals", "/erasures", "/imports", "/handovers/{id}/transitions"),
    }
    assert "HTTPValidationError" not in export()


def test_names_are_camel_case_and_paths_kebab_case() -> None:
    for path, _, operation in operations():
        assert re.fullmatch(r"(/([a-z0-9-]+|\{[a-z][a-zA-Z0-9]*\}))+(/_[a-z]+)?", path)
        for parameter in operation.get("parameters", []):
            assert parameter["in"] == "header" or re.fullmatch(r"[a-z][A-Za-z0-9]*", parameter["name"])
    for name, schema in document()["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)
        fields = schema.get("properties", {}).keys() - {"violated-policies"}  # its name is the draft's
        assert all(re.fullmatch(r"[a-z][A-Za-z0-9]*", field) for field in fields)


def test_every_field_is_described() -> None:
    for name, schema in document()["components"]["schemas"].items():
        for field, found in schema.get("properties", {}).items():
            assert "description" in found, f"{name}.{field}"


def test_nothing_in_the_document_makes_generated_clients_clumsy() -> None:
    for name, schema in document()["components"]["schemas"].items():
        fields = schema.get("properties", {})
        assert to_camel(to_snake(name)) not in fields, f"Python takes {name} and its field for one"
        assert not [field for field, found in fields.items() if "default" in found], (
            f"{name}: TypeScript asks for it"
        )
        assert len(schema.get("enum", "ab")) > 1, f"{name} has one value"


def test_dates_have_a_format_and_nothing_is_null_by_default() -> None:
    for node in nodes(document()):
        assert node.get("default", "") is not None
        for name, schema in node.get("properties", {}).items():
            dated = name.endswith("Date") and "type" in schema
            assert not dated or schema.get("format") == "date", name


def test_no_address_holds_what_is_personal() -> None:
    personal = re.compile("bsn|name|birth|surname|student|postcode|email|phone", re.IGNORECASE)
    for path, _, operation in operations():
        assert not [p["name"] for p in operation.get("parameters", []) if personal.search(p["name"])], path


def component(reference: str) -> Json:
    _, kind, name = reference.removeprefix("#/").split("/")
    found: Json = document()["components"][kind][name]
    return found


def test_what_is_referred_to_exists_and_what_exists_is_referred_to() -> None:
    referred = {str(node["$ref"]) for node in nodes(document()) if isinstance(node.get("$ref"), str)}
    assert all(component(reference) for reference in referred)
    for kind in ("schemas", "responses", "examples", "headers"):
        assert {f"#/components/{kind}/{name}" for name in document()["components"][kind]} <= referred


def contents() -> Iterator[Json]:
    """The content of every body and every answer."""
    for _, _, operation in operations():
        for answer in (operation.get("requestBody", {}), *operation["responses"].values()):
            yield from (component(answer["$ref"]) if "$ref" in answer else answer).get("content", {}).values()


def test_every_example_has_the_shape_that_it_is_an_example_of() -> None:
    for content in contents():
        for example in content.get("examples", {}).values():
            schema = {**content["schema"], "components": document()["components"]}
            Draft202012Validator(schema).validate(component(example["$ref"])["value"])


@pytest.mark.parametrize(
    ("told", "enough"),
    [
        ({"student": {"birthDate": "2008-05-15"}}, True),
        ({"student": {"age": 17}}, True),
        ({"student": {"age": None}}, False),
        ({"student": {"surname": "Voorbeeld"}}, False),
        ({}, False),
        ({"student": {"age": 17}, "supportVariant": None}, False),
        ({"circumstances": {"acuteDanger": True}}, True),
        ({"circumstances": {"acuteDanger": False}}, False),
    ],
)
def test_the_document_asks_for_what_the_service_asks_for(told: Json, enough: bool) -> None:
    usual = {"supportVariant": "own_neighbourhood", "homeMunicipality": "0166"}
    request = {"problemDomains": ["debts"], **(told if told.get("circumstances") else usual | told)}
    schema = {"$ref": "#/components/schemas/DecisionRequest", "components": document()["components"]}
    assert Draft202012Validator(schema).is_valid(request) is enough
    try:
        shape = parse(json.dumps(request).encode(), DecisionRequest).shape
        check_possible(shape, date(2026, 5, 14))
    except InvalidInput:
        assert not enough
    else:
        assert enough


def test_every_body_and_every_problem_has_an_example() -> None:
    bodies = [
        operation["requestBody"]["content"] for _, _, operation in operations() if "requestBody" in operation
    ]
    answers = document()["components"]["responses"].values()
    problems = [answer["content"] for answer in answers if "content" in answer]
    assert all(found.get("examples") for content in bodies + problems for found in content.values())


def test_every_enumeration_is_a_named_type() -> None:
    named = {id(schema) for schema in document()["components"]["schemas"].values()}
    for node in nodes(document()):
        assert not isinstance(node.get("enum"), list) or id(node) in named, node


def test_every_enumeration_says_what_each_of_its_values_means() -> None:
    book = load_rulebook()
    for name, schema in document()["components"]["schemas"].items():
        values = schema.get("enum", [])
        assert list(meanings(book, name, values)) == values, f"app/api/meanings.py: {name}"
        assert not values or schema["description"], f"app/api/meanings.py: {name}"


def test_the_words_are_those_of_the_core() -> None:
    assert set(get_args(words.ReceiverKind.__value__)) == set(RECEIVERS)
    regional = {kind for kind, (reach, _) in RECEIVERS.items() if reach != "elsewhere"}
    assert set(get_args(words.TeamKind.__value__)) == regional
    assert set(get_args(words.Provision.__value__)) == set(FRAMEWORK_OF)
    assert set(get_args(words.LegalFramework.__value__)) == set(FRAMEWORK_OF.values())


def test_no_field_of_ours_looks_like_a_citizen_number() -> None:
    schemas = document()["components"]["schemas"].values()
    fields = {field for schema in schemas for field in schema.get("properties", {})}
    assert not [field for field in fields if names_citizen_number(field)]
    for name in (
        "bsn",
        "BSN",
        "burgerServiceNummer",
        "burger_service_nr",
        "studentBsn",
        "pgn",
        "onderwijsnummer",
    ):
        assert names_citizen_number(name)


def test_every_code_has_a_sentence_and_every_error_a_problem() -> None:
    assert all(re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", code) for code in SENTENCES)
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    unserved = {"CannotStart", "ChainFailure", "ImportTaken", "ImportBusy", "ImportStopped"}
    served = {error for error in VerwijsrouteError.__subclasses__() if error.__name__ not in unserved}
    assert served <= OF_ERROR.keys()


@pytest.mark.parametrize(
    "kind", [ReferralRequest, FactsRequest, TeamRequest, SchoolRequest, AgreementRequest]
)
def test_every_value_in_a_request_is_bounded(kind: type[Shape]) -> None:
    schema = kind.model_json_schema()
    bounds = {
        "string": {"maxLength", "pattern", "enum", "format", "const"},
        "array": {"maxItems"},
        "integer": {"maximum"},
    }
    for shape in (schema, *schema["$defs"].values()):
        for name, field in shape.get("properties", {}).items():
            for option in field.get("anyOf", [field]):
                wanted = bounds.get(option.get("type", ""))
                assert wanted is None or wanted & option.keys(), name
