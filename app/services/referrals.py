"""All that doors ask of referrals: submit decides, stores and answers in one go; find and list read."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.clients import Client
from app.services.deciding import Deciding
from app.services.own_referrals import find_receipt, find_referral, list_referrals, open_referral
from app.services.preparing import prepare
from app.services.records import Submission
from app.services.refused import follow_refusal, has_refused
from app.services.stored_once import store_once
from app.services.submitted import Submitted, answer_of

__all__ = ["Submission", "Submitted", "find_receipt", "find_referral", "list_referrals", "submit"]


async def submit(
    connection: AsyncConnection,
    submission: Submission,
    *,
    client: Client,
    deciding: Deciding,
) -> Submitted:
    """Decides and stores a referral, or finds the one that the same request made before.

    Raises SourceReferenceTaken and IdempotencyKeyReused; the caller then rolls back, and otherwise
    commits before the answer is sent.
    """
    prepared, now = prepare(submission, client, deciding), deciding.now
    records, told_by = prepared.records, submission.correlation_id
    id, consents = records.referral["id"], submission.facts.consents
    earlier = await store_once(connection, prepared, client, told_by, now)
    if earlier is None and not has_refused(consents):
        return Submitted(answer_of(records, submission, client, now), created=True)
    if earlier is None:
        referral = await open_referral(connection, client, deciding.keyring, id, lock=True)
        await follow_refusal(connection, referral, consents, deciding, told_by)
    found = await find_referral(connection, client, deciding.keyring, earlier or id, now)
    return Submitted(found, created=earlier is None)
