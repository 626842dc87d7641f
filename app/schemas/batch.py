"""A batch of decisions: its body, read one request at a time, and what each of them gives."""

import asyncio
import re
from collections.abc import Iterator
from typing import Annotated, Any, Final

from pydantic import Field

from app.errors import InvalidInput
from app.schemas.base import Shape
from app.schemas.decision import Decision
from app.schemas.faults import fault
from app.schemas.json_body import parse, read_one
from app.schemas.problem import Problem
from app.schemas.request import DecisionRequest

MOST_REQUESTS: Final = 1000
# Three times what a thousand requests with every field have. One request that has them all is read in one
# go, while everybody waits.
MOST_OBJECTS: Final = 40_000
MOST_COMMAS: Final = 400_000
_OPENING: Final = re.compile(r'[ \t\n\r]*\{[ \t\n\r]*"requests"[ \t\n\r]*:[ \t\n\r]*\[[ \t\n\r]*')
_BETWEEN: Final = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
_CLOSING: Final = re.compile(r"[ \t\n\r]*\][ \t\n\r]*\}[ \t\n\r]*")


class DecisionBatchRequest(Shape):
    """Aanvragen om over te beslissen, elk zoals voor één besluit."""

    requests: Annotated[list[DecisionRequest], Field(max_length=MOST_REQUESTS)] = Field(
        description="De aanvragen, ten hoogste duizend."
    )


class DecisionBatchResult(Shape):
    """Wat één aanvraag oplevert: een besluit of een probleem, en van het andere `null`."""

    decision: Decision | None = Field(description="Het besluit; null als de aanvraag niet klopt.")
    problem: Problem | None = Field(
        description="Wat er niet klopt, met plaatsen binnen deze aanvraag; null bij een besluit."
    )


class DecisionBatch(Shape):
    """De uitkomsten van een reeks aanvragen."""

    results: list[DecisionBatchResult] = Field(
        description="Bij elke aanvraag een uitkomst, in dezelfde volgorde."
    )


class _Batch(Shape):
    """The batch with its requests unread."""

    requests: Annotated[list[Any], Field(max_length=MOST_REQUESTS)]


async def read_batch(body: bytes) -> list[Any | InvalidInput]:
    """The requests of a batch as plain values; what has a wrong name somewhere is an error in its place.

    Gives way between two, because a large batch takes a while to read. Raises InvalidInput where the body
    as a whole is no batch.
    """
    found: list[Any | InvalidInput] = []
    try:
        for one in _listed(body.decode("utf-8")):
            found.append(one)
            await asyncio.sleep(0)
    except (ValueError, RecursionError):
        # Not as plain as usual, or wrong as a whole: told as of any other body.
        return list(parse(body, _Batch, MOST_OBJECTS).shape.requests)
    return found


def _listed(text: str) -> Iterator[Any | InvalidInput]:
    """The requests one by one; raises ValueError where the text is not one plain object with a list."""
    if text.count("{") > MOST_OBJECTS or text.count(",") > MOST_COMMAS:
        raise InvalidInput(fault("", "too_long"))
    end = _end_of(_OPENING, text, 0)
    for number in range(MOST_REQUESTS + 1):
        closing = _CLOSING.fullmatch(text, end)
        if closing:
            return
        start = _end_of(_BETWEEN, text, end) if number else end
        one, end = read_one(text, start)
        yield one
    raise InvalidInput(fault("/requests", "too_long"))


def _end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    if found is None:
        raise ValueError
    return found.end()
