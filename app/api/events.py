"""Events: everything that a client may see in one order, and the history of one handover."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.pages import NEXT, FeedPage, Page, feed_answer, page_answer
from app.api.parameters import ResourceIdPath
from app.deps import ConnectionDep, FeedDep, HandlerDep
from app.schemas.events import EventList, Feed
from app.services import feed

router = APIRouter()


@router.get(
    "/events",
    tags=["events"],
    summary="Toon gebeurtenissen",
    responses={200: {"model": Feed, "headers": NEXT}, 410: {}},
)
async def list_events(
    client: FeedDep, connection: ConnectionDep, request: Request, wanted: Annotated[FeedPage, Query()]
) -> Response:
    """Wat er gebeurde met eigen verwijzingen, eigen overdrachten en het register, in een vaste volgorde.

    Elke gebeurtenis komt één keer. Om bij te blijven: bewaar `cursor` uit het antwoord, en vraag daarmee
    later verder; ook een lege bladzijde geeft er een. Is de dienst teruggezet naar een eerder moment en hoort
    de cursor bij wat toen nog niet gebeurd was, dan is het antwoord 410: begin opnieuw zonder cursor, en sla
    elke `id` over die er al is.
    """
    items, following, more = await feed.read_feed(connection, client, after=wanted.after, limit=wanted.limit)
    return feed_answer(request, wanted, items, following, more=more)


@router.get(
    "/handovers/{id}/events",
    tags=["handovers"],
    summary="Toon de geschiedenis van een overdracht",
    responses={200: {"model": EventList, "headers": NEXT}},
)
async def read_history(
    client: HandlerDep,
    connection: ConnectionDep,
    request: Request,
    wanted: Annotated[Page, Query()],
    id: ResourceIdPath,
) -> Response:
    """Wat er met een overdracht gebeurde, voor wie haar mag zien; het nieuwste kan nog zonder nummer zijn."""
    items, following = await feed.read_history(connection, client, id, after=wanted.after, limit=wanted.limit)
    return page_answer(request, wanted, items, following)
