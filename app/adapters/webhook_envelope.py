"""The envelope of Standard Webhooks around an event of CloudEvents (NL GOV profile)."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cloudevents.core.bindings.http import to_structured_event
from cloudevents.core.v1.event import CloudEvent
from standardwebhooks import Webhook

SECRET_BYTES: Final = 32
_PREFIX: Final = "whsec_"
_FAMILY: Final = "nl.verwijsroute"


def new_secret() -> str:
    """A new secret of 32 random bytes, as receivers get it: `whsec_` and base64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def cloud_event(
    *,
    id: UUID,
    source: str,
    type: str,
    at: datetime,
    dataref: str | None,
    number: int | None,
    data: Mapping[str, Any],
) -> bytes:
    """The event as structured JSON; `at` is when it was recorded, `number` its place in the feed."""
    attributes: dict[str, Any] = {
        "id": str(id),
        "source": source,
        "type": f"{_FAMILY}.{type.replace('_', '-')}.v1",
        "time": at,
        "datacontenttype": "application/json",
    }
    if dataref:
        attributes["dataref"] = dataref
    if number is not None:
        attributes |= {"sequence": str(number), "sequencetype": "Integer"}
    return to_structured_event(CloudEvent(attributes, dict(data))).body


def envelope(id: UUID, body: bytes, signing: Sequence[str], now: datetime) -> dict[str, str]:
    """The headers of one attempt: signed at this moment with every secret, the newest first.

    `now` is UTC: the library takes the time of another zone for UTC.
    """
    text = body.decode()
    signatures = [Webhook(secret).sign(str(id), now, text) for secret in signing]
    return {
        "content-type": "application/cloudevents+json; charset=utf-8",
        "user-agent": "Verwijsroute",
        "webhook-id": str(id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
