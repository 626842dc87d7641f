"""Stores a referral once, whatever a client repeats: the same request finds what it made before."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.clients import Client
from app.services.deciding import Deciding
from app.services.fingerprints import fingerprints
from app.services.records import Records, Submission
from app.services.repeats import find_earlier
from app.services.write import store


async def store_once(
    connection: AsyncConnection, records: Records, submission: Submission, client: Client, deciding: Deciding
) -> UUID | None:
    """None where the records were stored, else the referral that the same request made before.

    Raises SourceReferenceTaken and IdempotencyKeyReused where it was another request.
    """
    prints = fingerprints(submission, client.organisation_id, deciding.keyring)
    correlation_id, now = submission.correlation_id, deciding.now
    if await store(connection, records, prints, client=client, correlation_id=correlation_id, now=now):
        return None
    return await find_earlier(connection, client.organisation_id, prints, records.referral["id"])
