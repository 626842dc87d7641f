"""Handovers: list and read those that one referred or receives."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.conditional import ETAG, conditional_answer
from app.api.naming import named_handover
from app.api.pages import NEXT, Page, page_answer
from app.api.parameters import ResourceIdPath, municipality_code
from app.deps import ClockDep, ConnectionDep, HandlerDep, KeyringDep, ReferenceDep
from app.schemas.base import Municipality, RecordId
from app.schemas.stored import Handover, HandoverList
from app.schemas.words import HandoverFlag, HandoverStatus
from app.services import handovers, seen_handover

router = APIRouter(tags=["handovers"])


class HandoverFilter(Page):
    """Welke overdrachten."""

    status: HandoverStatus | None = Field(None, description="Stand.")
    team_id: RecordId | None = Field(None, description="Team in het register.")
    municipality: Municipality | None = Field(
        None, description="Verantwoordelijke gemeente, waar die u getoond wordt."
    )
    flag: HandoverFlag | None = Field(None, description="Vlag.")


@router.get(
    "/handovers",
    summary="Toon overdrachten",
    responses={200: {"model": HandoverList, "headers": NEXT}},
)
async def list_handovers(
    client: HandlerDep,
    connection: ConnectionDep,
    reference: ReferenceDep,
    clock: ClockDep,
    request: Request,
    wanted: Annotated[HandoverFilter, Query()],
) -> Response:
    """Overdrachten van eigen verwijzingen en overdrachten aan eigen teams of toegang, de oudste eerst."""
    items, following = await handovers.list_handovers(
        connection,
        client,
        status=wanted.status,
        team_id=wanted.team_id,
        municipality=municipality_code("municipality", wanted.municipality, reference),
        flag=wanted.flag,
        after=wanted.after,
        limit=wanted.limit,
        now=clock.now(),
    )
    named = [named_handover(item, reference) for item in items]
    return page_answer(request, wanted, named, following)


@router.get(
    "/handovers/{id}",
    summary="Toon een overdracht",
    responses={200: {"model": Handover, "headers": ETAG}},
)
async def read_handover(
    client: HandlerDep,
    connection: ConnectionDep,
    keyring: KeyringDep,
    reference: ReferenceDep,
    clock: ClockDep,
    request: Request,
    id: ResourceIdPath,
) -> Response:
    """Een overdracht met de eigen routes; de ontvanger ziet ook over wie het gaat en waarom."""
    found = await seen_handover.find_handover(connection, client, keyring, id, clock.now())
    return conditional_answer(request, named_handover(found, reference), version=found["version"])
