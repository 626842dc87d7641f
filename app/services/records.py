"""The rows of a new referral: what is sealed, what is indexed, and what stands in plain columns."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.adapters.encryption import DataKey, Keyring
from app.adapters.identifiers import new_ids
from app.routing.decision import Decision
from app.routing.facts import Facts
from app.services.clients import Client
from app.services.handing_over import AdviceDraft, HandingOver, HandoverDraft
from app.services.lifecycle.clocks import next_look
from app.services.person_index import index_of
from app.services.receipts import decision_columns, receipt_of
from app.services.sealed import dump, row_name

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Submission:
    """A referral as it was sent.

    `content` is the canonical JSON of the body, `path` where it was sent: their fingerprints tell a
    repetition from another referral. `identity` and `referrer` are kept as sent, sealed.
    """

    source_reference: str | None
    idempotency_key: str | None
    path: str
    content: bytes
    reference_date: date
    facts: Facts
    identity: dict[str, Any]
    referrer: dict[str, Any]
    reason: str | None
    correlation_id: str | None


@dataclass(frozen=True, slots=True)
class Records:
    """The rows of one new referral, by table, values as the database takes them; and what they came from."""

    made_from: Decision
    referral: Row
    decision: Row
    handovers: list[Row]
    advice: list[Row]
    events: list[Row]


def new_records(
    submission: Submission,
    decision: Decision,
    handing_over: HandingOver,
    *,
    client: Client,
    keyring: Keyring,
    today: date,
    now: datetime,
) -> Records:
    """All rows of a referral that is submitted now."""
    receipt = receipt_of(submission.facts, submission.reference_date, today, decision)
    referral_id = new_ids(now, 1)[0]
    place = row_name(client.organisation_id, referral_id)
    key, wrapped, key_id = keyring.new_data_key(place)
    referral = {
        "id": referral_id,
        "status": handing_over.status,
        "created_at": now,
        "decision_version": 1,
        "erased_at": None,
        "key_id": key_id,
        "wrapped_key": wrapped,
        **_sealed_columns(submission, key, place),
        "reference_date": submission.reference_date,
        "home_municipality": submission.facts.home_municipality,
        "support_variant": submission.facts.support_variant,
    }
    sealed = key.encrypt(receipt, table="decision", column="receipt", row=f"{place}/1")
    decided = decision_columns(decision, sealed)
    whom = (_required_consents(decision), submission.facts.consents, submission.identity)
    handovers = [
        {**row, "person_index": index_of(keyring, row, *whom)}
        for row in handover_rows(handing_over.handovers, referral_id, 1, now)
    ]
    advice = advice_rows(handing_over.advice, 1, now)
    return Records(decision, referral, decided, handovers, advice, _event_rows(handovers, now))


def _required_consents(decision: Decision) -> Row:
    """Of a decision as plain values what says who may know: the whole takes ten times as long."""
    consents = (route.consent for route in decision.routes)
    return {"routes": [{"consent": consent and {"required": consent.required}} for consent in consents]}


def _sealed_columns(submission: Submission, key: DataKey, row: str) -> Row:
    """Who it is about and who sent it; and why, on its own, so that either can be destroyed alone."""
    identity = {
        "student": submission.identity,
        "referrer": submission.referrer,
        "sourceReference": submission.source_reference,
    }
    why = submission.reason
    return {
        "identity": key.encrypt(dump(identity), table="referral", column="identity", row=row),
        "reason": key.encrypt(dump(why), table="referral", column="reason", row=row) if why else None,
    }


# What a handover has before anything has happened to it.
BLANK: Final[Row] = {
    "version": 1,
    "flags": [],
    "delivery_status": "none",
    "offered_at": None,
    "preceded_by": None,
    "succeeded_by": None,
    "succeeded_by_advice": None,
    "desk_organisation_id": None,
    "held_from": None,
    "paused_on": None,
    "reassess_on": None,
    "acknowledged_at": None,
    "first_contact_on": None,
    "expected_on": None,
    "ended_at": None,
    "reason": None,
    "outcome": None,
    "bounces": 0,
    "denied_by": [],
    "notes": None,
    "person_index": None,
    "placed": False,
    "erased_at": None,
}


def handover_rows(
    drafts: tuple[HandoverDraft, ...], referral_id: UUID, decision_version: int, now: datetime
) -> list[Row]:
    """The rows of handovers that are made now, under one version of the decision."""
    rows = [
        {
            **BLANK,
            "id": id,
            "referral_id": referral_id,
            "decision_version": decision_version,
            "status": draft.status,
            "created_at": now,
            **drafted_columns(draft, now),
        }
        for draft, id in zip(drafts, new_ids(now, len(drafts)), strict=True)
    ]
    return [{**row, "clock_on": next_look(row)} for row in rows]


def drafted_columns(draft: HandoverDraft, now: datetime) -> Row:
    """The columns of a handover that a decision decides; `receiver` and `desk` are organisations' codes."""
    team = draft.team
    return {
        "receiver": draft.receiver,
        "desk": draft.desk,
        "lead": draft.lead,
        "team_id": team.team_id if team else None,
        "team_kind": team.kind if team else None,
        "team_name": team.name if team else None,
        "responsible_municipality": draft.responsible_municipality,
        "provisions": list(draft.provisions),
        "problem_domains": list(draft.problem_domains),
        "route_positions": list(draft.routes),
        "flags": list(draft.flags),
        "offered_at": now if draft.status == "offered" else None,
        "deadlines": draft.deadlines,
        "reassess_on": draft.reassess_on,
    }


def advice_rows(drafts: tuple[AdviceDraft, ...], decision_version: int, now: datetime) -> list[Row]:
    """The rows of advice that is given now, under one version of the decision."""
    return [
        {
            "id": id,
            "decision_version": decision_version,
            "channel": draft.channel,
            "kind": draft.kind,
            "role": draft.role,
            "route_positions": draft.routes,
            "due": draft.due,
            "status": "open",
            "preceded_by": None,
            "municipality": None,
        }
        for draft, id in zip(drafts, new_ids(now, len(drafts)), strict=True)
    ]


def _event_rows(handovers: list[Row], now: datetime) -> list[Row]:
    """What happened, in order: the referrer created, the system decided and made the handovers."""
    told: list[tuple[str, str, UUID | None]] = [
        ("referral.created", "referrer", None),
        ("referral.decided", "system", None),
        *((f"handover.{handover['status']}", "system", handover["id"]) for handover in handovers),
    ]
    return [
        {"id": id, "type": type, "role": role, "handover_id": handover}
        for (type, role, handover), id in zip(told, new_ids(now, len(told)), strict=True)
    ]
