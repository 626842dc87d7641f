"""Subscriptions: to be told of events at an address of one's own."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from app.api.answers import answer
from app.api.bodies import Body
from app.api.conditional import ETAG, conditional_answer
from app.api.pages import NEXT, Page, page_answer
from app.api.parameters import ResourceIdPath
from app.api.preconditions import EndOf
from app.deps import ConnectionDep, ResourcesDep, SubscriberDep, SubscriptionsDep
from app.schemas.json_body import Parsed
from app.schemas.webhooks import (
    WebhookSubscription,
    WebhookSubscriptionChange,
    WebhookSubscriptionList,
    WebhookSubscriptionRequest,
)
from app.services import subscription_changes, subscriptions

router = APIRouter(prefix="/webhook-subscriptions", tags=["webhooks"])

RequestBody = Annotated[Parsed[WebhookSubscriptionRequest], Depends(Body(WebhookSubscriptionRequest))]
ChangeBody = Annotated[Parsed[WebhookSubscriptionChange], Depends(Body(WebhookSubscriptionChange))]
LOCATION: Final[dict[str, Any]] = {
    "Location": {"description": "Adres.", "schema": {"type": "string", "format": "uri-reference"}}
}


def _tag(found: dict[str, Any]) -> dict[str, str]:
    return {"ETag": f'"{found["version"]}"'}


@router.post(
    "",
    status_code=201,
    summary="Abonneer op gebeurtenissen",
    responses={201: {"model": WebhookSubscription, "headers": {**ETAG, **LOCATION}}, 409: {}},
)
async def create_webhook_subscription(
    client: SubscriberDep, body: RequestBody, connection: ConnectionDep, resources: ResourcesDep
) -> Response:
    """Voortaan gaat over elke nieuwe gebeurtenis die deze sleutel mag zien een bericht naar `url`.

    Per verwijzing in volgorde. Het geheim staat alleen in dit antwoord. Een organisatie heeft er ten
    hoogste twintig.
    """
    wanted = body.shape.wanted(allow_loopback=resources.settings.webhook_allow_loopback)
    now = resources.clock.now()
    made = await subscriptions.create_subscription(connection, client, resources.keyring, wanted, now)
    location = {"Location": f"/v1/webhook-subscriptions/{made['id']}"}
    return answer(made, 201, {**_tag(made), **location})


@router.get(
    "",
    summary="Toon abonnementen",
    responses={200: {"model": WebhookSubscriptionList, "headers": NEXT}},
)
async def list_webhook_subscriptions(
    client: SubscriptionsDep,
    connection: ConnectionDep,
    resources: ResourcesDep,
    request: Request,
    wanted: Annotated[Page, Query()],
) -> Response:
    """Abonnementen van de eigen organisatie die niet meer te zien krijgen dan deze sleutel."""
    items, following = await subscriptions.list_subscriptions(
        connection, client, resources.keyring, wanted.after, wanted.limit
    )
    return page_answer(request, wanted, items, following)


@router.get(
    "/{id}",
    summary="Toon een abonnement",
    responses={200: {"model": WebhookSubscription, "headers": ETAG}},
)
async def read_webhook_subscription(
    client: SubscriptionsDep,
    connection: ConnectionDep,
    resources: ResourcesDep,
    request: Request,
    id: ResourceIdPath,
) -> Response:
    """Een abonnement, zonder zijn geheim. De ETag hoort bij een wijziging in If-Match."""
    found = await subscriptions.find_subscription(connection, client, resources.keyring, id)
    return conditional_answer(request, found, mark=str(found["version"]))


@router.put(
    "/{id}",
    summary="Wijzig een abonnement",
    responses={200: {"model": WebhookSubscription, "headers": ETAG}, 404: {}},
)
async def change_webhook_subscription(
    client: SubscriberDep,
    body: ChangeBody,
    connection: ConnectionDep,
    resources: ResourcesDep,
    said: EndOf,
    id: ResourceIdPath,
) -> Response:
    """Ander adres, andere gebeurtenissen, stil of weer actief, of een nieuw geheim; alleen met If-Match."""
    wanted = body.shape.wanted(allow_loopback=resources.settings.webhook_allow_loopback)
    changed = await subscription_changes.change_subscription(
        connection, client, resources.keyring, id, wanted, said, resources.clock.now()
    )
    return answer(changed, 200, _tag(changed))


@router.delete(
    "/{id}",
    summary="Zeg een abonnement op",
    status_code=204,
    responses={204: {"description": "Er gaan geen berichten meer; de bezorgingen zijn weg."}},
)
async def end_webhook_subscription(
    client: SubscriberDep, connection: ConnectionDep, said: EndOf, id: ResourceIdPath
) -> Response:
    """Er gaan geen berichten meer, ook niet over wat nog wachtte; alleen met If-Match."""
    await subscription_changes.remove_subscription(connection, client, id, said)
    return Response(status_code=204)
