"""All that doors ask of referrals: submit decides, stores and answers in one go; find and list read."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.routing import route
from app.services.clients import Client
from app.services.deciding import Deciding
from app.services.handing_over import desk_of, hand_over
from app.services.own_referrals import find_receipt, find_referral, list_referrals, open_referral
from app.services.records import Submission, new_records
from app.services.refused import follow_refusal
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
    facts, directory, keyring = submission.facts, deciding.directory, deciding.keyring
    today, now = deciding.today, deciding.now
    decision = route(facts, deciding.rulebook, directory, submission.reference_date, today)
    desk = desk_of(facts, decision, directory) or client.organisation_code
    handing_over = hand_over(decision, facts.consents, desk=desk, directory=directory, today=today)
    records = new_records(
        submission, decision, handing_over, client=client, keyring=keyring, today=today, now=now
    )
    id = records.referral["id"]
    earlier = await store_once(connection, records, submission, client, deciding)
    if earlier is None and not any(consent.refused for consent in facts.consents):
        return Submitted(answer_of(records, submission, client, now), created=True)
    if earlier is None:
        referral = await open_referral(connection, client, keyring, id, lock=True)
        await follow_refusal(connection, referral, submission, deciding)
    found = await find_referral(connection, client, keyring, earlier or id, now)
    return Submitted(found, created=earlier is None)
