"""The message of one attempt: what happened, by ids and words of ours, signed at this moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.adapters.encryption import Keyring
from app.adapters.webhook_envelope import cloud_event, envelope
from app.services.sealed_subscriptions import open_secrets, open_url
from app.services.sending import Claim

TEST: Final = "webhook.test"


@dataclass(frozen=True, slots=True)
class Message:
    """Where to, with which headers, and the body; the body is the same at every attempt."""

    url: str
    headers: dict[str, str]
    body: bytes


def message_of(claim: Claim, keyring: Keyring, source: str, now: datetime) -> Message:
    """The message of a claim; `source` says who sends.

    Nothing in it is personal: the receiver fetches the rest with its own key.
    """
    row = claim.subscription
    body = _body(claim, source)
    secrets = open_secrets(row, keyring, claim.subscription_id)
    signing = secrets.signing(row["old_secret_until"], now)
    return Message(
        url=open_url(row, keyring, claim.subscription_id),
        headers=envelope(claim.event_id, body, signing, now),
        body=body,
    )


def _body(claim: Claim, source: str) -> bytes:
    event = claim.event
    if event is None:
        data = {"type": TEST, "subscriptionId": str(claim.subscription_id)}
        at = claim.subscription["created_at"]
        return cloud_event(
            id=claim.event_id, source=source, type=TEST, at=at, dataref=None, number=None, data=data
        )
    referral, handover = event["referral_id"], event["handover_id"]
    ids = {"referralId": referral, "handoverId": handover}
    return cloud_event(
        id=claim.event_id,
        source=source,
        type=event["type"],
        at=event["at"],
        dataref=_resource(referral, handover),
        number=event["number"],
        data={"type": event["type"], "role": event["role"], **{n: str(id) for n, id in ids.items() if id}},
    )


def _resource(referral: UUID | None, handover: UUID | None) -> str | None:
    """Where to read more, with a key of one's own."""
    if handover:
        return f"/v1/handovers/{handover}"
    return f"/v1/referrals/{referral}" if referral else None
