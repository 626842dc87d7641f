"""The answer to a referral that was submitted: what is stored now, as it would be read back."""

from dataclasses import dataclass
from datetime import datetime

from app.adapters.decision_json import plain_decision
from app.services.clients import Client
from app.services.records import Records, Submission
from app.services.resources import Plain, referral_resource


@dataclass(frozen=True, slots=True)
class Submitted:
    """The referral as CONTRACT 4 shows it, and whether it is new or was there before."""

    referral: Plain
    created: bool


def answer_of(records: Records, submission: Submission, client: Client, now: datetime) -> Plain:
    """The referral that was stored now, as it would be read back."""
    decisions, own = (
        {1: plain_decision(records.made_from)},
        {client.organisation_code: client.organisation_id},
    )
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
