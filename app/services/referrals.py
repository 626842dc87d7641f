"""Submits a referral: decides, stores and answers in one go; and finds those of one's own organisation."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.clock import AMSTERDAM
from app.adapters.encryption import Keyring
from app.adapters.identifiers import first_id
from app.adapters.postgres import driver_of
from app.errors import IdempotencyKeyReused, NotFound, SourceReferenceTaken, Unavailable
from app.models import Advice, Handover, Referral
from app.routing import Decision, Directory, Facts, Rulebook, route
from app.routing.plain import to_plain
from app.services.clients import Client
from app.services.handing_over import hand_over
from app.services.reading import OpenReferral
from app.services.records import Fingerprints, Submission, fingerprints, new_records
from app.services.resources import Plain, referral_resource, referral_summary
from app.services.write import store

__all__ = ["Submission", "Submitted", "find_receipt", "find_referral", "list_referrals", "submit"]

KEY_HOLDER = """
SELECT fingerprint, referral_id FROM idempotency WHERE organisation_id = $1 AND key_index = $2
"""
REFERENCE_HOLDER = """
SELECT id, content_fingerprint FROM referral WHERE organisation_id = $1 AND source_reference_index = $2
"""
LEAD_KEY_TO = """
UPDATE idempotency SET referral_id = $3 WHERE organisation_id = $1 AND key_index = $2
"""


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
    plain = to_plain(decision)
    receipt = _receipt(submission, today, plain)
    desk = _desk(facts, decision, directory) or client.organisation_code
    handing_over = hand_over(decision, facts.consents, desk=desk, today=today)
    records = new_records(
        submission, decision, receipt, handing_over, client=client, keyring=keyring, now=now
    )
    prints = fingerprints(submission, client.organisation_id, keyring)
    driver = await driver_of(connection)
    correlation_id = submission.correlation_id
    if await store(driver, records, prints, client=client, correlation_id=correlation_id, now=now):
        row, decisions = records.referral, {1: plain}
        reference = submission.source_reference
        return Submitted(
            referral_resource(row, reference, decisions, records.handovers, records.advice), created=True
        )
    earlier = await _find_earlier(driver, client.organisation_id, prints, records.referral["id"])
    return Submitted(await find_referral(connection, client, keyring, earlier), created=False)


def _receipt(submission: Submission, today: date, decision: Plain) -> Plain:
    """All that the decision was made from, so that it can be explained and made again."""
    return {
        "facts": to_plain(submission.facts),
        "referenceDate": submission.reference_date.isoformat(),
        "today": today.isoformat(),
        "decision": decision,
    }


def _desk(facts: Facts, decision: Decision, directory: Directory) -> str | None:
    """Whose desk decides where no municipality is responsible: the actual stay's, else the core's."""
    school = facts.school_brin and directory.school(facts.school_brin, decision.directory.read_for)
    core = facts.core_municipality or (school.core_municipality if school else None)
    stay = facts.residence.actual_stay_municipality
    return stay if isinstance(stay, str) else core


async def _find_earlier(
    driver: asyncpg.Connection, organisation_id: UUID, prints: Fingerprints, attempted: UUID
) -> UUID:
    """The referral that the key or the source reference made before, if this is the same request."""
    key = (organisation_id, prints.key)
    held = await driver.fetchrow(KEY_HOLDER, *key)
    if held and held["referral_id"] != attempted:
        if held["fingerprint"] != prints.request:
            raise IdempotencyKeyReused
        return UUID(str(held["referral_id"]))
    earlier = await driver.fetchrow(REFERENCE_HOLDER, organisation_id, prints.source_reference)
    if earlier is None:  # the key was forgotten between the two statements
        raise Unavailable
    if earlier["content_fingerprint"] != prints.content:
        raise SourceReferenceTaken
    await driver.execute(LEAD_KEY_TO, *key, earlier["id"])
    return UUID(str(earlier["id"]))


async def find_referral(connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID) -> Plain:
    """A referral of the client's own organisation; raises NotFound for any other and for none."""
    referral = await _open(connection, client, keyring, id)
    receipts = await referral.receipts(connection)
    handovers = select(Handover).where(Handover.referral_id == id).order_by(Handover.id)
    advice = select(Advice).where(Advice.referral_id == id).order_by(Advice.id)
    return referral_resource(
        referral.row,
        referral.identity["sourceReference"],
        {version: receipt["decision"] for version, receipt in receipts.items()},
        (await connection.execute(handovers)).mappings().all(),
        (await connection.execute(advice)).mappings().all(),
    )


async def find_receipt(connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID) -> Plain:
    """The receipt of the newest decision: facts, referenceDate, today, decision. Raises NotFound."""
    referral = await _open(connection, client, keyring, id)
    return (await referral.receipts(connection))[referral.row["decision_version"]]


async def list_referrals(
    connection: AsyncConnection,
    client: Client,
    keyring: Keyring,
    *,
    status: str | None = None,
    created_from: date | None = None,
    created_to: date | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[list[Plain], UUID | None]:
    """Summaries of the organisation's own referrals, oldest first, and where the next page starts.

    `created_from` and `created_to` are days in Europe/Amsterdam, both inclusive.
    """
    wanted: list[ColumnElement[bool]] = [Referral.organisation_id == client.organisation_id]
    if status:
        wanted.append(Referral.status == status)
    if created_from:
        wanted.append(Referral.id >= first_id(_start_of(created_from)))
    if created_to:
        wanted.append(Referral.id < first_id(_start_of(created_to + timedelta(days=1))))
    if after:
        wanted.append(Referral.id > after)
    query = select(Referral).where(*wanted).order_by(Referral.id).limit(limit + 1)
    rows = (await connection.execute(query)).mappings().all()
    page = [OpenReferral(row, keyring) for row in rows[:limit]]
    items = [referral_summary(opened.row, opened.identity["sourceReference"]) for opened in page]
    return items, page[-1].row["id"] if len(rows) > limit else None


def _start_of(day: date) -> datetime:
    """Midnight at which a day starts in Amsterdam. The order of identifiers is that of creation."""
    return datetime.combine(day, time(), tzinfo=AMSTERDAM)


async def _open(connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID) -> OpenReferral:
    own = (Referral.id == id, Referral.organisation_id == client.organisation_id)
    row = (await connection.execute(select(Referral).where(*own))).mappings().one_or_none()
    if row is None:
        raise NotFound
    return OpenReferral(row, keyring)
