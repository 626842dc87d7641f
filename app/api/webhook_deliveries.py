"""Deliveries of a subscription: what went out, what waits, what is stuck; skipping and testing."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from app.api.answers import answer
from app.api.pages import NEXT, Page, page_answer
from app.api.parameters import ResourceIdPath
from app.api.webhook_subscriptions import LOCATION
from app.deps import ClockDep, ConnectionDep, SubscriberDep, SubscriptionsDep, requires
from app.schemas.webhooks import WebhookDelivery, WebhookDeliveryList
from app.schemas.words import DeliveryState
from app.services import delivery_records
from app.services.clients import Client

router = APIRouter(prefix="/webhook-subscriptions/{id}", tags=["webhooks"])

OperatorDep = Annotated[Client, Depends(requires("operator", relation="own_subscriptions"))]


class DeliveryFilter(Page):
    """Welke bezorgingen."""

    status: DeliveryState | None = Field(None, description="Stand; `failed` is wat vastzit.")


@router.get(
    "/deliveries",
    summary="Toon bezorgingen",
    responses={200: {"model": WebhookDeliveryList, "headers": NEXT}},
)
async def list_webhook_deliveries(
    client: SubscriptionsDep,
    connection: ConnectionDep,
    request: Request,
    wanted: Annotated[DeliveryFilter, Query()],
    id: ResourceIdPath,
) -> Response:
    """Eén bezorging per gebeurtenis. Achter een die mislukt is, wacht de rest van die verwijzing."""
    items, following = await delivery_records.list_deliveries(
        connection, client, id, status=wanted.status, after=wanted.after, limit=wanted.limit
    )
    return page_answer(request, wanted, items, following)


@router.get(
    "/deliveries/{deliveryId}",
    summary="Toon een bezorging",
    responses={200: {"model": WebhookDelivery}},
)
async def read_webhook_delivery(
    client: SubscriptionsDep,
    connection: ConnectionDep,
    id: ResourceIdPath,
    deliveryId: ResourceIdPath,  # noqa: N803  the name of the path parameter
) -> Response:
    """Een bezorging met elke poging."""
    return answer(await delivery_records.find_delivery(connection, client, id, deliveryId))


@router.post(
    "/deliveries/{deliveryId}/skip",
    summary="Sla een bezorging over",
    responses={200: {"model": WebhookDelivery}, 409: {}},
)
async def skip_webhook_delivery(
    client: OperatorDep,
    connection: ConnectionDep,
    clock: ClockDep,
    id: ResourceIdPath,
    deliveryId: ResourceIdPath,  # noqa: N803
) -> Response:
    """Geeft een bezorging op, zodat de volgende van die verwijzing verder kan; met wie en wanneer vastgelegd.

    409 als er net een poging loopt, of als zij al klaar is.
    """
    skipped = await delivery_records.skip_delivery(connection, client, id, deliveryId, clock.now())
    return answer(skipped)


@router.post(
    "/test-deliveries",
    status_code=202,
    summary="Stuur een proefbericht",
    responses={202: {"model": WebhookDelivery, "headers": LOCATION}, 409: {}},
)
async def send_test_delivery(
    client: SubscriberDep, connection: ConnectionDep, clock: ClockDep, id: ResourceIdPath
) -> Response:
    """Stuurt zo dadelijk een bericht van het type `webhook.test`, langs dezelfde weg als alle andere."""
    made = await delivery_records.try_subscription(connection, client, id, clock.now())
    location = {"Location": f"/v1/webhook-subscriptions/{id}/deliveries/{made['id']}"}
    return answer(made, 202, location)
