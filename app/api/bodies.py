"""The body of a request as a dependency: checks its media type, then parses it as a shape."""

from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from typing import Any, Generic, TypeVar

from fastapi import Request
from starlette.exceptions import HTTPException

from app.schemas.base import Shape
from app.schemas.json_body import Parsed, parse

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class Body(Generic[S]):
    """The declaration that an endpoint takes a JSON body of this shape."""

    kind: type[S]

    async def __call__(self, request: Request) -> Parsed[S]:
        """The body; raises InvalidInput, or 415 for anything but plain JSON in UTF-8."""
        if (
            not _is_plain_json(request.headers.get("content-type", ""))
            or "content-encoding" in request.headers
        ):
            raise HTTPException(415)
        return parse(await request.body(), self.kind)


@lru_cache(maxsize=64)
def _is_plain_json(content_type: str) -> bool:
    message = Message()
    message["content-type"] = content_type
    charset: Any = message.get_param("charset", "utf-8")
    return message.get_content_type() == "application/json" and str(charset).lower() in ("utf-8", "utf8")
