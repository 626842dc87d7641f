"""Lists in pages: an opaque cursor, a limit, and the header Link to the next page."""

import base64
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.api.answers import answer

NEXT: Final[dict[str, Any]] = {
    "Link": {"description": 'De volgende bladzijde: `rel="next"`.', "schema": {"type": "string"}}
}


def write_cursor(after: UUID) -> str:
    """The cursor of the page that starts after a record."""
    return base64.urlsafe_b64encode(after.bytes).decode().rstrip("=")


def read_cursor(cursor: str) -> UUID:
    """The record after which a page starts, of a cursor of the right form."""
    return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))


class Page(BaseModel):
    """Which part of a list is asked for. Unknown parameters are refused."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    # 16 bytes in base64: the last of 22 characters holds two bits.
    cursor: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_-]{21}[AQgw]$",
        description="Cursor uit de header Link van de vorige bladzijde.",
    )
    limit: int = Field(50, ge=1, le=100, description="Aantal per bladzijde.")

    @property
    def after(self) -> UUID | None:
        """The record after which this page starts."""
        return read_cursor(self.cursor) if self.cursor else None


def page_answer(
    request: Request, page: Page, items: list[dict[str, Any]], following: UUID | None
) -> Response:
    """A page of a list; with a Link header where there is a next one."""
    headers: Mapping[str, str] = {}
    if following:
        query = {**dict(request.query_params), "cursor": write_cursor(following), "limit": str(page.limit)}
        headers = {"Link": f'<{request.url.path}?{urlencode(query)}>; rel="next"'}
    return answer({"items": items}, headers=headers)
