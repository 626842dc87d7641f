"""The body of a request as a dependency: checks its media type, then parses it as a shape."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from typing import Any, Generic, TypeVar

from fastapi import Request
from starlette.exceptions import HTTPException

from app.errors import InvalidInput
from app.schemas.base import Shape
from app.schemas.batch import read_batch
from app.schemas.json_body import Parsed, parse

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class JsonBody(ABC, Generic[S]):
    """The declaration that an endpoint takes JSON, which the document describes as this shape."""

    kind: type[S]

    @abstractmethod
    async def __call__(self, request: Request) -> Any:
        """What the endpoint is given."""


class Body(JsonBody[S]):
    """The declaration that an endpoint takes a JSON body of this shape."""

    async def __call__(self, request: Request) -> Parsed[S]:
        """The body; raises InvalidInput, or 415 for anything but plain JSON in UTF-8."""
        return parse(await _plain_json(request), self.kind)


class BatchBody(JsonBody[S]):
    """The declaration that an endpoint takes a batch, whose requests are judged one by one."""

    async def __call__(self, request: Request) -> list[Any | InvalidInput]:
        """The requests as plain values, or what is wrong with the names in one; raises as `Body` does."""
        return await read_batch(await _plain_json(request))


async def _plain_json(request: Request) -> bytes:
    kind = request.headers.get("content-type", "")
    if not _is_plain_json(kind) or "content-encoding" in request.headers:
        raise HTTPException(415)
    return await request.body()


@lru_cache(maxsize=64)
def _is_plain_json(content_type: str) -> bool:
    message = Message()
    message["content-type"] = content_type
    charset: Any = message.get_param("charset", "utf-8")
    return message.get_content_type() == "application/json" and str(charset).lower() in ("utf-8", "utf8")
