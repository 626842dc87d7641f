"""Makes and shows subscriptions: who is told of what, and where."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.adapters.identifiers import new_ids
from app.adapters.webhook_envelope import new_secret
from app.errors import TooMany
from app.models import WebhookSubscription
from app.services.clients import Client
from app.services.deliveries import plan_nothing_meanwhile
from app.services.resources import Plain
from app.services.sealed_subscriptions import Secrets, seal
from app.services.subscription_rows import Wanted, find_row, limits_of, seen_by, subscription_resource

AT_MOST: Final = 20
_SIDES: Final = frozenset({"referrer", "team", "desk"})


async def create_subscription(
    connection: AsyncConnection, client: Client, keyring: Keyring, wanted: Wanted, now: datetime
) -> Plain:
    """A new subscription with its secret, which is shown this once. Raises TooMany.

    It is told of every event that gets its number from now on, and sees what the client's key may see.
    """
    await plan_nothing_meanwhile(connection)
    held = select(func.count()).where(WebhookSubscription.organisation_id == client.organisation_id)
    if (await connection.execute(held)).scalar_one() >= AT_MOST:
        raise TooMany
    secret, id = new_secret(), new_ids(now, 1)[0]
    limits = limits_of(client)
    values = {
        "id": id,
        "organisation_id": client.organisation_id,
        "roles": sorted(client.roles & _SIDES),
        "team_ids": None if limits is None else sorted(limits),
        "event_types": list(wanted.event_types),
        **seal(keyring, client.organisation_id, id, wanted.url, Secrets(secret)),
        **wanted.standing,
        "version": 1,
        "created_at": now,
    }
    await connection.execute(insert(WebhookSubscription).values(values))
    row = await find_row(connection, client, id)
    return subscription_resource(row, client, keyring) | {"secret": secret}


async def list_subscriptions(
    connection: AsyncConnection, client: Client, keyring: Keyring, after: UUID | None, limit: int
) -> tuple[list[Plain], UUID | None]:
    """The subscriptions that the client may see, oldest first, and where the next page starts."""
    query = seen_by(client).order_by(WebhookSubscription.id).limit(limit + 1)
    if after:
        query = query.where(WebhookSubscription.id > after)
    rows = (await connection.execute(query)).mappings().all()
    page = rows[:limit]
    items = [subscription_resource(row, client, keyring) for row in page]
    return items, page[-1]["id"] if len(rows) > limit else None


async def find_subscription(connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID) -> Plain:
    """One of them; raises NotFound."""
    return subscription_resource(await find_row(connection, client, id), client, keyring)
