"""One row for each guarded table: of a school; a municipality receives, the desk of another decides."""

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

SCHOOL, RECEIVER, DESK, RESPONSIBLE, STRANGER = (UUID(int=n) for n in range(1, 6))
REFERRAL, HANDOVER, EVENT, SUBSCRIPTION = (UUID(int=n) for n in range(11, 15))
NOW: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)

Row = dict[str, Any]

ROWS: Final[dict[str, Row]] = {
    "credential": {
        "id": UUID(int=21),
        "organisation_id": SCHOOL,
        "public_id": "public",
        "secret_sha256": bytes(32),
        "label": "",
        "roles": ["referrer"],
        "created_at": NOW,
    },
    "referral": {
        "id": REFERRAL,
        "organisation_id": SCHOOL,
        "status": "open",
        "created_at": NOW,
        "decision_version": 1,
        "content_fingerprint": b"",
        "key_id": "k1",
        "wrapped_key": b"",
        "identity": b"",
        "reference_date": date(2026, 11, 21),
    },
    "decision": {
        "referral_id": REFERRAL,
        "version": 1,
        "organisation_id": SCHOOL,
        "created_at": NOW,
        "outcome": "routed",
        "rulebook_hash": "",
        "directory_edition": 1,
        "read_for": date(2026, 11, 21),
        "receipt": b"",
    },
    "idempotency": {
        "organisation_id": SCHOOL,
        "key_index": b"key",
        "fingerprint": b"",
        "referral_id": REFERRAL,
        "created_at": NOW,
    },
    "handover": {
        "id": HANDOVER,
        "referral_id": REFERRAL,
        "organisation_id": SCHOOL,
        "receiver_organisation_id": RECEIVER,
        "desk_organisation_id": DESK,
        "responsible_municipality": "0202",
        "decision_version": 1,
        "status": "offered",
        "lead": True,
        "version": 1,
        "provisions": [],
        "route_positions": [],
        "flags": [],
        "delivery_status": "none",
        "created_at": NOW,
        "deadlines": "[]",
    },
    "advice": {
        "id": UUID(int=22),
        "referral_id": REFERRAL,
        "organisation_id": SCHOOL,
        "decision_version": 1,
        "channel": "school",
        "kind": "school",
        "role": "primary",
        "route_positions": [],
        "status": "open",
    },
    "event": {
        "id": EVENT,
        "organisation_id": SCHOOL,
        "referral_id": REFERRAL,
        "handover_id": HANDOVER,
        "type": "handover.offered",
        "role": "system",
        "at": NOW,
        "number": 1,
    },
    "event_audience": {"number": 1, "side": "referrer", "organisation_id": SCHOOL},
    "access_log": {
        "id": UUID(int=23),
        "organisation_id": SCHOOL,
        "referring_organisation_id": SCHOOL,
        "referral_id": REFERRAL,
        "roles": ["referrer"],
        "activity": "read_referral",
        "purpose": "",
        "at": NOW,
    },
    "webhook_subscription": {
        "id": SUBSCRIPTION,
        "organisation_id": SCHOOL,
        "roles": ["referrer"],
        "event_types": [],
        "key_id": "k1",
        "wrapped_key": b"",
        "url": b"",
        "secrets": b"",
        "status": "active",
        "version": 1,
        "created_at": NOW,
    },
    "webhook_delivery": {
        "subscription_id": SUBSCRIPTION,
        "event_id": EVENT,
        "stream": REFERRAL,
        "told": True,
        "status": "pending",
        "attempts": 1,
        "created_at": NOW,
    },
    "webhook_attempt": {
        "subscription_id": SUBSCRIPTION,
        "event_id": EVENT,
        "attempt": 1,
        "started_at": NOW,
    },
}
# What another row of the same organisation has that this one has not.
ANOTHER: Final[dict[str, Row]] = {
    "credential": {"id": UUID(int=31), "public_id": "another", "secret_sha256": bytes(31) + b"1"},
    "referral": {"id": UUID(int=32)},
    "decision": {"version": 2},
    "idempotency": {"key_index": b"another"},
    "handover": {"id": UUID(int=33)},
    "advice": {"id": UUID(int=34)},
    "event": {"id": UUID(int=35), "number": None},
    "event_audience": {"number": 2},
    "access_log": {"id": UUID(int=38)},
    "webhook_subscription": {"id": UUID(int=36)},
    "webhook_delivery": {"event_id": UUID(int=37)},
    "webhook_attempt": {"attempt": 2},
}
# What is written for all organisations by the service itself: the worker, and commands.
OF_THE_SERVICE: Final = frozenset({"credential", "event_audience"})
