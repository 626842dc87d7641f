"""Imports as they are answered: with names of municipalities, and when to ask again while one goes on."""

from typing import Any, Final

from app.reference import Reference
from app.schemas.faults import SENTENCES
from app.services.importing.imports import Import
from app.services.importing.shown import import_resource

# How soon to ask again while an import goes on, in seconds.
_SOON: Final = "2"
RETRY_AFTER: Final[dict[str, Any]] = {
    "Retry-After": {
        "description": "Over hoeveel seconden de stand opnieuw op te vragen; ontbreekt na het einde.",
        "schema": {"type": "integer"},
    }
}
LOCATION: Final[dict[str, Any]] = {
    "Location": {
        "description": "Adres van de import.",
        "schema": {"type": "string", "format": "uri-reference"},
    }
}


def told_of(import_: Import) -> dict[str, str]:
    """The headers that go with an import."""
    return {} if import_.finished_at else {"Retry-After": _SOON}


def shown_import(import_: Import, reference: Reference) -> dict[str, Any]:
    """An import with names of municipalities, and in Dutch what is wrong with its file."""
    shown = import_resource(import_)
    summary = shown["summary"]
    named = [
        {**one, "municipality": {"code": one["municipality"], "name": reference.name_of(one["municipality"])}}
        for one in summary["municipalities"]
    ]
    faults = [{**one, "detail": SENTENCES.get(one["code"], one["detail"])} for one in shown["faults"]]
    return {**shown, "summary": {**summary, "municipalities": named}, "faults": faults}
