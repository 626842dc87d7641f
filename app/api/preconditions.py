"""The headers If-Match and If-None-Match of things that clients change (RFC 9110)."""

import re
from typing import Annotated, Final

from fastapi import Depends, Header

from app.services.preconditions import Precondition

_TAG: Final = re.compile(r'(?:W/)?"[!#-~]*"')


def versions_of(header: str) -> frozenset[str]:
    """The versions that a header If-Match names; a weak tag matches nothing there."""
    if header.strip() == "*":
        return frozenset({"*"})
    return frozenset(tag[1:-1] for tag in _TAG.findall(header) if not tag.startswith("W/"))


async def _change(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            max_length=1000,
            description="De ETag die u kent. Zonder deze header wordt alleen iets nieuws ingeschreven.",
            examples=['"5d41402abc4b2a76b9719d911017c592"'],
        ),
    ] = None,
    if_none_match: Annotated[
        str | None,
        Header(
            alias="If-None-Match",
            pattern=r"^\*$",
            description="`*`: alleen inschrijven wat er nog niet is.",
            examples=["*"],
        ),
    ] = None,
) -> Precondition:
    return Precondition(
        versions=None if if_match is None else versions_of(if_match), only_new=if_none_match is not None
    )


async def _end(
    if_match: Annotated[
        str | None, Header(alias="If-Match", max_length=1000, description="De ETag die u kent.")
    ] = None,
) -> Precondition:
    return Precondition(versions=None if if_match is None else versions_of(if_match))


async def _version(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            max_length=1000,
            description="De ETag van de overdracht die u kent, of haar `version` tussen aanhalingstekens.",
            examples=['"1"'],
        ),
    ] = None,
) -> Precondition:
    """The versions that the client accepts: what stands before the dot of a mark that `GET` gave."""
    if if_match is None:
        return Precondition()
    return Precondition(frozenset(mark.partition(".")[0] for mark in versions_of(if_match)))


ChangeOf = Annotated[Precondition, Depends(_change)]
EndOf = Annotated[Precondition, Depends(_end)]
StepOf = Annotated[Precondition, Depends(_version)]
