"""All that doors ask of referrals: submit decides, stores and answers in one go; find and list read."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.routing import Directory, Rulebook, route
from app.services.clients import Client
from app.services.fingerprints import fingerprints
from app.services.handing_over import desk_of, hand_over
from app.services.own_referrals import find_receipt, find_referral, list_referrals
from app.services.records import Records, Submission, new_records
from app.services.repeats import find_earlier
from app.services.resources import Plain, referral_resource
from app.services.write import store

__all__ = ["Submission", "Submitted", "find_receipt", "find_referral", "list_referrals", "submit"]


@dataclass(frozen=True, slots=True)
class Submitted:
    """The referral as CONTRACT 4 shows it, and whether it is new or was there before."""

    referral: Plain
    created: bool


async def submit(
    connection: AsyncConnection,
    submission: Submission,
    *,
    client: Client,
    rulebook: Rulebook,
    directory: Directory,
    keyring: Keyring,
    today: date,
    now: datetime,
) -> Submitted:
    """Decides and stores a referral, or finds the one that the same request made before.

    Raises SourceReferenceTaken and IdempotencyKeyReused; the caller then rolls back, and otherwise
    commits before the answer is sent.
    """
    facts = submission.facts
    decision = route(facts, rulebook, directory, submission.reference_date, today)
    desk = desk_of(facts, decision, directory) or client.organisation_code
    handing_over = hand_over(decision, facts.consents, desk=desk, directory=directory, today=today)
    records = new_records(
        submission, decision, handing_over, client=client, keyring=keyring, today=today, now=now
    )
    prints = fingerprints(submission, client.organisation_id, keyring)
    correlation_id = submission.correlation_id
    if await store(connection, records, prints, client=client, correlation_id=correlation_id, now=now):
        return Submitted(_answer(records, submission, client, now), created=True)
    attempted = records.referral["id"]
    earlier = await find_earlier(connection, client.organisation_id, prints, attempted)
    return Submitted(await find_referral(connection, client, keyring, earlier, now), created=False)


def _answer(records: Records, submission: Submission, client: Client, now: datetime) -> Plain:
    """The referral that was stored now, as it would be read back."""
    decisions, own = {1: records.decided}, {client.organisation_code: client.organisation_id}
    handovers = [
        {
            **row,
            "organisation_id": client.organisation_id,
            "receiver_organisation_id": own.get(row["receiver"]),
            "desk_organisation_id": own.get(row["desk"]),
        }
        for row in records.handovers
    ]
    reference = submission.source_reference
    return referral_resource(records.referral, reference, decisions, handovers, records.advice, client, now)
