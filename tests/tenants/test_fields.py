"""What a client may write and what it is shown, field by field (T8, G32)."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from app.api.declared import body_of
from app.api.openapi import document
from app.api.router import router
from app.errors import InvalidInput
from app.schemas.json_body import parse
from tests.malformed.operations import operations_of
from tests.tenants.operations import operations
from tests.tenants.outcome import Outcome

Json = dict[str, Any]
COMMITTED = Path(__file__).parent / "shown_fields.json"
# What only the service writes: of a record, of who owns it, of who may see it.
NOT_THEIRS = (
    "id", "organisationId", "organisation_id", "receiverOrganisationId", "deskOrganisationId", "status",
    "version", "createdAt", "erasedAt", "roles", "flags", "lead", "decision", "decisionVersion", "__class__",
)  # fmt: skip
# Texts of a list, message or event that are names of the directory, of the reference or of the machinery.
OPEN_TEXTS = {
    *("TeamReference.name", "TeamReference.teamId", "DueDate.kind", "ActingOrganisation.code"),
    *("ActingOrganisation.name", "MunicipalityReference.name", "MunicipalityReference.code"),
    *("Feed.cursor", "Event.correlationId", "WebhookSubscription.teamIds"),
    *("EventMessage.source", "EventMessage.type", "EventMessage.datacontenttype", "EventMessage.dataref"),
    *("EventMessage.sequence", "EventMessage.sequencetype", "EventMessageData.type"),
    *("FileFault.code", "FileFault.detail", "ImportFault.code", "ImportFault.detail"),
    *("Import.encoding", "Import.delimiter", "TeamCount.teamId"),
}
# Texts that are the organisation's own, and shown to itself alone.
OWN_TEXTS = {
    *("ReferralSummary.sourceReference", "WebhookSubscription.url", "WebhookSubscription.secret"),
    *("AccessLook.actingUser", "ImportRow.sourceReference", "ImportFault.column", "FileFault.column"),
}


def _writable() -> Iterator[Any]:
    """Each body with each object in it."""
    kinds = {}
    for context in iter_route_contexts(router.routes):
        for method in context.methods or ():
            if body := body_of(context):
                kinds[f"{method} {context.path_format}"] = body.kind
    for operation in operations_of(document(), {}, every_field=True):
        if operation.name in kinds:
            for place in operation.objects:
                yield pytest.param(operation, kinds[operation.name], place, id=f"{operation.name} {place}")


def _schema(name: str) -> Json:
    found: Json = document()["components"]["schemas"][name]
    return found


@pytest.mark.parametrize(("operation", "kind", "place"), [*_writable()])
def test_a_field_that_is_not_theirs_to_write_is_refused(operation: Any, kind: Any, place: str) -> None:
    own = {pointer.rpartition("/")[2] for pointer in operation.fields if pointer.startswith(f"{place}/")}
    for name in (one for one in NOT_THEIRS if one not in own):
        with pytest.raises(InvalidInput) as refused:
            parse(operation.body_with_pair(place, f'"{name}": null'), kind)
        found = {(fault.location, fault.code) for fault in refused.value.faults}
        assert (f"{place}/{name}", "unknown_field") in found, (name, found)


def shown() -> Json:
    """Each shape of an answer or a message with its fields, and where it is shown."""
    places: dict[str, list[str]] = {}
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            for name in _reached(_answers(operation)):
                places.setdefault(name, []).append(f"{method.upper()} {path}")
    for name in _reached({"$ref": "#/components/schemas/EventMessage"}):
        places.setdefault(name, []).append("webhook")
    return {
        name: {"fields": sorted(_schema(name).get("properties", {})), "shown": sorted(set(where))}
        for name, where in sorted(places.items())
    }


def _answers(operation: Json) -> Json:
    """The bodies of an operation's answers, but for problems: those are the same everywhere."""
    return {status: one for status, one in operation["responses"].items() if "$ref" not in one}


def _reached(node: Any, seen: set[str] | None = None) -> set[str]:
    """The names of all schemas that a part of the document leads to."""
    found = set() if seen is None else seen
    if isinstance(node, list):
        for one in node:
            _reached(one, found)
    elif isinstance(node, dict):
        name = str(node.get("$ref", "")).removeprefix("#/components/schemas/")
        if "/" not in name and name and name not in found:
            found.add(name)
            _reached(_schema(name), found)
        for key, one in node.items():
            if key not in ("examples", "headers"):
                _reached(one, found)
    return found


def test_every_answer_shows_the_fields_that_were_agreed() -> None:
    if os.environ.get("WRITE_EXAMPLES"):
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in shown().items())
        COMMITTED.write_text(f"{{\n{lines}\n}}\n", "utf-8")
    assert shown() == json.loads(COMMITTED.read_text("utf-8"))


def _listing() -> Iterator[str]:
    """The shapes of lists, events and messages of what is somebody's."""
    for operation in operations():
        lists = "limit" in operation.queries or operation.path.endswith("_search")
        if lists and operation.relation != "open_directory":
            described = document()["paths"][operation.path][operation.method.lower()]
            yield from _reached(_answers(described))
    yield from _reached({"$ref": "#/components/schemas/EventMessage"})


def _texts(name: str) -> Iterator[str]:
    """The fields of a shape that may hold any text: no word of a list, no number, day, moment or id."""
    for field, schema in _schema(name).get("properties", {}).items():
        for one in (schema, *schema.get("anyOf", ()), schema.get("items", {})):
            if "string" in one.get("type", ()) and not {"enum", "const", "format"} & one.keys():
                yield f"{name}.{field}"


def test_lists_events_and_messages_have_no_field_for_free_text() -> None:
    found = {text for name in _listing() for text in _texts(name)}
    assert found == OPEN_TEXTS | OWN_TEXTS


def test_no_list_event_or_search_held_a_text_that_somebody_wrote(outcome: Outcome) -> None:
    assert {kind for _, kind in outcome.found.written} == {"kenmerk", "berichten"}
    shown = {"GET /referrals", "GET /webhook-subscriptions", "GET /imports/{id}/rows"}
    assert {name for name, _ in outcome.found.written} == shown
