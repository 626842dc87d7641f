"""Parameters that several endpoints take: ids in paths, municipalities in queries."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Path
from fastapi.exceptions import RequestValidationError
from pydantic import BeforeValidator, WithJsonSchema

from app.errors import NotFound
from app.reference import Reference


def _record_id(value: Any) -> UUID:
    """The identifier; a text that cannot be one is answered like one that is nobody's."""
    try:
        return UUID(value)
    except ValueError:
        raise NotFound from None


_ResourceId = Annotated[
    UUID, BeforeValidator(_record_id), WithJsonSchema({"type": "string", "format": "uuid"})
]
ResourceIdPath = Annotated[_ResourceId, Path(description="Kenmerk (UUIDv7).")]
AdviceIdPath = Annotated[_ResourceId, Path(alias="adviceId", description="Kenmerk van het advies (UUIDv7).")]


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,128}$",
        description="Eigen sleutel van dit verzoek, zoals een UUID; 72 uur bewaard.",
    ),
]


def municipality_code(name: str, text: str | None, reference: Reference) -> str | None:
    """Today's code of the municipality in the query parameter `name`; a fault where there is none."""
    if text is None:
        return None
    found = reference.resolve(text)
    if found.code is None:
        code = "municipality.ambiguous" if found.candidates else "municipality.unknown"
        raise RequestValidationError([{"type": code, "loc": ("query", name)}])
    return found.code
