"""Lists in pages: an opaque cursor, a limit, and the header Link to the next page."""

import base64
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.api.answers import answer
from app.services.feed import START, Place

_CURSOR: Final = "De `cursor` uit de header Link van de vorige bladzijde; afwezig: de eerste bladzijde."
_FEED_CURSOR: Final = "De `cursor` uit het vorige antwoord; afwezig: vanaf het begin."
NEXT: Final[dict[str, Any]] = {
    "Link": {
        "description": "Het adres van de volgende bladzijde (RFC 8288); ontbreekt op de laatste.",
        "schema": {"type": "string"},
        "example": '</v1/referrals?cursor=AZ4Oom8AcACAAAAAAAAAAQ&limit=50>; rel="next"',
    }
}


def write_cursor(after: UUID | str | int | Place) -> str:
    """The cursor of the page that starts after a record, by its UUID or the id that its owner chose.

    In the feed by number and UUID, in a file by the number of the row.
    """
    if isinstance(after, int):
        raw = after.to_bytes(4, "big")
    elif isinstance(after, Place):
        raw = after.number.to_bytes(8, "big") + after.id.bytes
    else:
        raw = after.bytes if isinstance(after, UUID) else after.encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(cursor: str) -> UUID:
    """The record after which a page starts, of a cursor of the right form."""
    return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))


def read_place(cursor: str) -> Place:
    """The place in the feed after which a page starts, of a cursor of the right form."""
    raw = base64.urlsafe_b64decode(cursor)
    return Place(int.from_bytes(raw[:8], "big"), UUID(bytes=raw[8:]))


class _Part(BaseModel):
    """Which part of a list is asked for. Unknown parameters are refused."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    limit: int = Field(50, ge=1, le=100, description="Ten hoogste zo veel per bladzijde.")


class Page(_Part):
    """A part of a list of records."""

    # 16 bytes in base64: the last of 22 characters holds two bits.
    cursor: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]{21}[AQgw]$", description=_CURSOR)

    @property
    def after(self) -> UUID | None:
        """The record after which this page starts."""
        return read_cursor(self.cursor) if self.cursor else None


class RegisteredPage(_Part):
    """A part of a list of things whose ids their owners chose."""

    cursor: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]{2,86}$", description=_CURSOR)

    @property
    def after(self) -> str | None:
        """The id after which this page starts; of a cursor that nobody gave, some text."""
        if self.cursor is None:
            return None
        padding = "=" * (-len(self.cursor) % 4)
        # One character too many is no base64: without it the text is read.
        whole = self.cursor[:-1] if len(padding) == 3 else self.cursor + padding
        return base64.urlsafe_b64decode(whole).decode("latin-1")


class RowPage(_Part):
    """A part of the rows of a file."""

    # 4 bytes in base64: a number that PostgreSQL calls an integer.
    cursor: str | None = Field(None, pattern=r"^[A-Za-f][A-Za-z0-9_-]{4}[AQgw]$", description=_CURSOR)

    @property
    def after(self) -> int:
        """The number of the row after which this page starts."""
        return int.from_bytes(base64.urlsafe_b64decode(self.cursor + "=="), "big") if self.cursor else 0


class FeedPage(_Part):
    """A part of the feed."""

    # 24 bytes in base64; a number of events that PostgreSQL can count begins with half of the letters.
    cursor: str | None = Field(None, pattern=r"^[A-Za-f][A-Za-z0-9_-]{31}$", description=_FEED_CURSOR)

    @property
    def after(self) -> Place:
        """The place after which this page starts."""
        return read_place(self.cursor) if self.cursor else START


def feed_answer(
    request: Request, page: FeedPage, items: list[dict[str, Any]], following: Place, *, more: bool
) -> Response:
    """A page of the feed; the cursor to go on from stands in it, whether there is more by now or not."""
    headers = _next(request, page, following) if more else {}
    return answer({"items": items, "cursor": write_cursor(following)}, headers=headers)


def page_answer(
    request: Request,
    page: Page | RegisteredPage | RowPage,
    items: list[dict[str, Any]],
    following: UUID | str | int | None,
) -> Response:
    """A page of a list; with a Link header where there is a next one."""
    return answer({"items": items}, headers=_next(request, page, following) if following else {})


def _next(request: Request, page: _Part, following: UUID | str | int | Place) -> Mapping[str, str]:
    query = {**dict(request.query_params), "cursor": write_cursor(following), "limit": str(page.limit)}
    # The path alone: what a client wrote in Host never becomes a link.
    return {"Link": f'<{quote(request.scope["path"])}?{urlencode(query)}>; rel="next"'}
