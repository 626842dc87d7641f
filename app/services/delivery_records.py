"""What is told, was told and could not be told to a subscription; testing it, and skipping what is stuck."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.identifiers import new_ids
from app.errors import Conflict, NotFound, TooMany
from app.models import Event, WebhookAttempt, WebhookDelivery
from app.services.clients import Client
from app.services.deliveries import keep_planning_out
from app.services.resources import Plain, Row, moment
from app.services.sending import make_next_due
from app.services.subscription_rows import find_row

TESTS_AT_A_TIME: Final = 5


async def list_deliveries(
    connection: AsyncConnection,
    client: Client,
    subscription_id: UUID,
    *,
    status: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[list[Plain], UUID | None]:
    """The deliveries of a subscription that the client may see, in order, and where the next page starts.

    Raises NotFound.
    """
    await find_row(connection, client, subscription_id)
    table = WebhookDelivery
    query = _of(subscription_id).order_by(table.position).limit(limit + 1)
    if status:
        query = query.where(table.status == status)
    if after:
        place = select(table.position).where(
            table.subscription_id == subscription_id, table.event_id == after
        )
        query = query.where(table.position > place.scalar_subquery())
    rows = (await connection.execute(query)).mappings().all()
    page = rows[:limit]
    return [_resource(row) for row in page], page[-1]["event_id"] if len(rows) > limit else None


async def find_delivery(
    connection: AsyncConnection, client: Client, subscription_id: UUID, id: UUID
) -> Plain:
    """One delivery with its attempts; raises NotFound."""
    await find_row(connection, client, subscription_id)
    query = _of(subscription_id).where(WebhookDelivery.event_id == id)
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound
    table = WebhookAttempt
    attempts = select(table).where(table.subscription_id == subscription_id, table.event_id == id)
    found = (await connection.execute(attempts.order_by(table.attempt))).mappings()
    return _resource(row) | {"attemptsMade": [_attempt(one) for one in found]}


async def skip_delivery(
    connection: AsyncConnection, client: Client, subscription_id: UUID, id: UUID, now: datetime
) -> Plain:
    """Gives up on a delivery, on record, so that the next in its stream goes on.

    Raises NotFound, and Conflict where it is being tried just now or has ended.
    """
    await keep_planning_out(connection)
    await find_row(connection, client, subscription_id)
    table = WebhookDelivery
    this = (table.subscription_id == subscription_id, table.event_id == id)
    row = (await connection.execute(select(table).where(*this).with_for_update())).mappings().one_or_none()
    if row is None:
        raise NotFound
    under_way = row["claimed_until"] is not None and row["claimed_until"] > now
    if under_way or row["status"] not in ("pending", "failed"):
        raise Conflict
    skipped = {"status": "skipped", "next_attempt_at": None, "ended_at": now}
    told = {"told": row["handover_id"] is None}
    await connection.execute(update(table).where(*this).values(**skipped, **told))
    made = select(func.coalesce(func.max(WebhookAttempt.attempt), 0)).where(
        WebhookAttempt.subscription_id == subscription_id, WebhookAttempt.event_id == id
    )
    record = {"subscription_id": subscription_id, "event_id": id, "attempt": made.scalar_subquery() + 1}
    record |= {"started_at": now, "ended_at": now, "answer": "skipped", "credential_id": client.credential_id}
    await connection.execute(insert(WebhookAttempt).values(record))
    await make_next_due(connection, subscription_id, row["stream"], now)
    return await find_delivery(connection, client, subscription_id, id)


async def try_subscription(
    connection: AsyncConnection, client: Client, subscription_id: UUID, now: datetime
) -> Plain:
    """A delivery of a test event, due at once and behind nothing.

    Raises NotFound, Conflict where the subscription is not active, TooMany while others are open.
    """
    row = await find_row(connection, client, subscription_id, own=True)
    if row["status"] != "active":
        raise Conflict
    table, id = WebhookDelivery, new_ids(now, 1)[0]
    tests = select(func.count()).where(
        table.subscription_id == subscription_id, table.stream == table.event_id, table.status == "pending"
    )
    if (await connection.execute(tests)).scalar_one() >= TESTS_AT_A_TIME:
        raise TooMany
    values = {"subscription_id": subscription_id, "event_id": id, "stream": id, "told": True, "attempts": 0}
    values |= {"status": "pending", "next_attempt_at": now, "created_at": now}
    await connection.execute(insert(table).values(values))
    return await find_delivery(connection, client, subscription_id, id)


def _of(subscription_id: UUID) -> Select[Any]:
    columns = (Event.number, Event.type, Event.referral_id, Event.handover_id.label("about"))
    of_event = Event.id == WebhookDelivery.event_id
    query: Select[Any] = select(*WebhookDelivery.__table__.columns, *columns)
    return query.outerjoin(Event, of_event).where(WebhookDelivery.subscription_id == subscription_id)


def _resource(row: Row) -> Plain:
    """A delivery as it is answered; never what the receiver said beyond one of a few words."""
    return {
        "id": str(row["event_id"]),
        "type": row["type"],
        "number": row["number"],
        "referralId": _text(row["referral_id"]),
        "handoverId": _text(row["about"]),
        "status": row["status"],
        "attempts": row["attempts"],
        "nextAttemptAt": _moment(row["next_attempt_at"]),
        "lastAnswer": row["answer"],
        "createdAt": _moment(row["created_at"]),
        "endedAt": _moment(row["ended_at"]),
    }


def _attempt(row: Row) -> Plain:
    return {
        "number": row["attempt"],
        "startedAt": _moment(row["started_at"]),
        "endedAt": _moment(row["ended_at"]),
        "answer": row["answer"],
    }


def _text(id: UUID | None) -> str | None:
    return None if id is None else str(id)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else moment(at)
