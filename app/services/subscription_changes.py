"""Changes subscriptions, renews their secrets, and takes them away."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.adapters.webhook_envelope import new_secret
from app.models import WebhookSubscription
from app.services.clients import Client
from app.services.deliveries import plan_nothing_meanwhile
from app.services.preconditions import Precondition
from app.services.resources import Plain
from app.services.sealed_subscriptions import Secrets, open_secrets, seal
from app.services.sending import disable, resume
from app.services.subscription_rows import Wanted, find_row, subscription_resource

# A receiver puts the new secret in place in its own time.
BOTH_SIGN_FOR: Final = timedelta(hours=24)


async def change_subscription(
    connection: AsyncConnection,
    client: Client,
    keyring: Keyring,
    id: UUID,
    wanted: Wanted,
    said: Precondition,
    now: datetime,
) -> Plain:
    """Changes it; made active again, all that had failed is tried again, in order.

    A new secret is shown this once, and the one before goes on signing for a day beside it.
    Raises NotFound, VersionRequired and VersionDiffers.
    """
    await plan_nothing_meanwhile(connection)
    row = await find_row(connection, client, id, own=True)
    said.check(str(row["version"]))
    secrets, until = open_secrets(row, keyring, id), row["old_secret_until"]
    if wanted.rotate_secret:
        secrets, until = Secrets(new_secret(), secrets.newest), now + BOTH_SIGN_FOR
    values = {
        "event_types": list(wanted.event_types),
        **seal(keyring, client.organisation_id, id, wanted.url, secrets),
        **({} if wanted.active is (row["status"] == "active") else wanted.standing),
        "old_secret_until": until,
        "version": row["version"] + 1,
    }
    await connection.execute(update(WebhookSubscription).where(WebhookSubscription.id == id).values(values))
    if row["status"] == "active" and not wanted.active:
        await disable(connection, id, "by_client", now)
    if row["status"] == "disabled" and wanted.active:
        await resume(connection, id, now)
    changed = subscription_resource(await find_row(connection, client, id), client, keyring)
    return changed | {"secret": secrets.newest if wanted.rotate_secret else None}


async def remove_subscription(
    connection: AsyncConnection, client: Client, id: UUID, said: Precondition
) -> None:
    """Takes it away with its deliveries. Raises NotFound, VersionRequired and VersionDiffers."""
    await plan_nothing_meanwhile(connection)
    row = await find_row(connection, client, id, own=True)
    said.check(str(row["version"]))
    await connection.execute(delete(WebhookSubscription).where(WebhookSubscription.id == id))
