"""Stores a referral once, whatever a client repeats: the same request finds what it made before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.clients import Client
from app.services.preparing import Prepared
from app.services.repeats import find_earlier
from app.services.write import store


async def store_once(
    connection: AsyncConnection, prepared: Prepared, client: Client, correlation_id: str | None, now: datetime
) -> UUID | None:
    """None where the records were stored, else the referral that the same request made before.

    Raises SourceReferenceTaken and IdempotencyKeyReused where it was another request.
    """
    records, prints = prepared.records, prepared.prints
    if await store(connection, records, prints, client=client, correlation_id=correlation_id, now=now):
        return None
    return await find_earlier(connection, client.organisation_id, prints, records.referral["id"])
