"""The file of an import as it arrives, in a form or as the body itself, with what is asked for with it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from python_multipart.multipart import parse_options_header

from app.api.form_data import MEDIA_TYPE, FormData
from app.api.streaming import Bounds, pieces
from app.config import Settings
from app.errors import InvalidInput, NotAFile
from app.schemas.faults import fault
from app.schemas.importing import MOST_MAPPING_BYTES, MappingFault, load_mapping

NDJSON: Final = "application/x-ndjson"
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXAMPLES: Final = {CSV: "ImportFile.csv", NDJSON: "ImportFile.ndjson", XLSX: "ImportFile.xlsx"}
_FLAGS: Final = {b"true": True, b"false": False}


@dataclass(frozen=True, slots=True)
class Arriving:
    """A file that arrives: `pieces` are its bytes, and end with it."""

    dry_run: bool
    mapping: bytes | None
    pieces: AsyncIterator[bytes]


async def arriving(request: Request, settings: Settings) -> Arriving:
    """What is asked for with a file, as soon as that is known. Raises NotAFile, InvalidInput, and 408 or 413.

    The pieces raise the same.
    """
    content_type = request.headers.get("content-type", "")
    media = parse_options_header(content_type)[0].decode("latin-1")
    if media not in (MEDIA_TYPE, NDJSON, CSV, XLSX) or "content-encoding" in request.headers:
        raise NotAFile
    bounds = Bounds(settings.import_max_bytes, settings.body_timeout_seconds, settings.import_upload_seconds)
    body = pieces(request, bounds)
    if media != MEDIA_TYPE:
        return Arriving(dry_run=False, mapping=None, pieces=body)
    return await _in_form(FormData(content_type, "dryRun", "mapping", most=MOST_MAPPING_BYTES), body)


async def _in_form(form: FormData, body: AsyncIterator[bytes]) -> Arriving:
    """Reads on until the file begins, or to the end where there is none."""
    async for piece in body:
        begun = form.feed(piece)
        if form.has_file:
            break
    else:
        form.end()
    flag, mapping = form.fields.get("dryRun", b"false"), form.fields.get("mapping")
    if flag not in _FLAGS:
        raise InvalidInput(fault("/dryRun", "not_allowed"))
    if mapping is not None:
        await _check(mapping)
    return Arriving(_FLAGS[flag], mapping, _rest(form, begun, body))


async def _check(mapping: bytes) -> None:
    """Raises InvalidInput with the places of what is wrong: better now than after the file."""
    try:
        await asyncio.to_thread(load_mapping, mapping)  # a large one takes a third of a second
    except MappingFault as error:
        raise InvalidInput(*(fault(_place(one.where), one.code) for one in error.faults)) from None


def _place(where: str) -> str:
    return "/mapping" if where == "mapping" else f"/mapping/{where}"


async def _rest(form: FormData, begun: bytes, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield begun
    async for piece in body:
        yield form.feed(piece)
    form.end()


def documented() -> dict[str, Any]:
    """The body in the words of OpenAPI: the official way to describe a file is a text that is binary."""
    file = {"type": "string", "format": "binary"}
    form = {
        "title": "ImportRequest",
        "type": "object",
        "required": ["file"],
        "additionalProperties": False,
        "properties": {
            "dryRun": {"type": "boolean", "description": "Waar: een proef, waarbij niets wordt opgeslagen."},
            "mapping": {
                "type": "string",
                "maxLength": MOST_MAPPING_BYTES,
                "description": "TOML met de eigen kolomnamen, datumvormen en codes.",
            },
            "file": {**file, "description": "CSV, NDJSON of XLSX; het laatste deel van het formulier."},
        },
    }
    form_of = {MEDIA_TYPE: _content(form, "ImportForm")}
    plain = {media: _content(file, name) for media, name in _EXAMPLES.items()}
    return {"requestBody": {"required": True, "content": {**form_of, **plain}}}


def _content(schema: dict[str, Any], example: str) -> dict[str, Any]:
    return {"schema": schema, "examples": {"voorbeeld": {"$ref": f"#/components/examples/{example}"}}}
