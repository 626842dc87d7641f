"""Parameters in paths: what does not have the form of an identifier does not exist."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from pydantic import BeforeValidator, WithJsonSchema

from app.errors import NotFound


def _record_id(value: Any) -> UUID:
    """The identifier; a text that cannot be one is answered like one that is nobody's."""
    try:
        return UUID(value)
    except ValueError:
        raise NotFound from None


ResourceIdPath = Annotated[
    UUID,
    BeforeValidator(_record_id),
    WithJsonSchema({"type": "string", "format": "uuid"}),
    Path(description="Kenmerk (UUIDv7)."),
]
