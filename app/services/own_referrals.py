"""Finds and lists the referrals of one's own organisation."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.clock import AMSTERDAM
from app.adapters.encryption import Keyring
from app.adapters.identifiers import first_id
from app.errors import Erased, NotFound
from app.models import Advice, Decision, Handover, Referral
from app.services.clients import Client
from app.services.reading import OpenReferral
from app.services.resources import Plain, Row, referral_resource, referral_summary


async def find_referral(
    connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID, now: datetime
) -> Plain:
    """A referral of the client's own organisation; raises NotFound for any other and for none."""
    referral = await open_referral(connection, client, keyring, id)
    receipts = await referral.receipts(connection)
    handovers = select(Handover).where(Handover.referral_id == id).order_by(Handover.id)
    advice = select(Advice).where(Advice.referral_id == id).order_by(Advice.id)
    return referral_resource(
        referral.row,
        referral.source_reference,
        {version: receipt["decision"] for version, receipt in receipts.items()},
        [_with_notes(referral, row) for row in (await connection.execute(handovers)).mappings()],
        (await connection.execute(advice)).mappings().all(),
        client,
        now,
    )


def _with_notes(referral: OpenReferral, row: Row) -> Row:
    """The row of a handover with what was said; of a mistake nothing is shown."""
    return {**row, "said": [] if row["status"] == "entered_in_error" else referral.notes(row)}


async def find_receipt(
    connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID, version: int | None = None
) -> Plain:
    """The receipt of a version of the decision, the newest for None: facts, referenceDate, today, decision.

    Raises NotFound, also for a version that is not there, and where it was erased.
    """
    referral = await open_referral(connection, client, keyring, id)
    if version is None:
        version = referral.row["decision_version"]
    kept = select(Decision.receipt).where(Decision.referral_id == id, Decision.version == version)
    sealed = (await connection.execute(kept)).scalar_one_or_none()
    if sealed is None:
        raise NotFound
    return referral.receipt(version, sealed)


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
    items = [referral_summary(opened.row, opened.source_reference) for opened in page]
    return items, page[-1].row["id"] if len(rows) > limit else None


def _start_of(day: date) -> datetime:
    """Midnight at which a day starts in Amsterdam. The order of identifiers is that of creation."""
    return datetime.combine(day, time(), tzinfo=AMSTERDAM)


async def open_referral(
    connection: AsyncConnection, client: Client, keyring: Keyring, id: UUID, *, lock: bool = False
) -> OpenReferral:
    """A referral of the client's own organisation; raises NotFound for any other and for none.

    Locked, it is changed by nobody else until the transaction ends; raises Erased where nothing can be.
    """
    own = select(Referral).where(Referral.id == id, Referral.organisation_id == client.organisation_id)
    row = (await connection.execute(own.with_for_update() if lock else own)).mappings().one_or_none()
    if row is None:
        raise NotFound
    referral = OpenReferral(row, keyring)
    if lock and referral.is_erased:
        raise Erased
    return referral
