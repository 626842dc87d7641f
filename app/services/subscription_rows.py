"""The rows of subscriptions: who may see which, and how they are answered."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.errors import NotFound
from app.models import Organisation, WebhookSubscription
from app.services.clients import Client
from app.services.resources import Plain, Row, moment
from app.services.sealed_subscriptions import open_url


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client wants of a subscription; no `event_types` are all."""

    url: str
    event_types: tuple[str, ...] = ()
    active: bool = True
    rotate_secret: bool = False

    @property
    def standing(self) -> dict[str, Any]:
        """Its columns where this makes it active or not."""
        if self.active:
            return {"status": "active", "disabled_reason": None}
        return {"status": "disabled", "disabled_reason": "by_client"}


def subscription_resource(row: Row, client: Client, keyring: Keyring) -> Plain:
    """A subscription as it is answered, without its secret; the operator does not see where it goes."""
    own = row["organisation_id"] == client.organisation_id
    until = row["old_secret_until"]
    return {
        "id": str(row["id"]),
        "organisation": {"kind": row["kind"], "code": row["code"], "name": row["name"]},
        "url": open_url(row, keyring, row["id"]) if own else None,
        "eventTypes": row["event_types"],
        "teamIds": row["team_ids"],
        "status": row["status"],
        "disabledReason": row["disabled_reason"],
        "version": row["version"],
        "createdAt": moment(row["created_at"]),
        "oldSecretUntil": moment(until) if until else None,
        "secret": None,
    }


def limits_of(client: Client) -> frozenset[str] | None:
    """The teams that a client is limited to; a desk is to none."""
    return None if "desk" in client.roles else client.team_ids


def _told_no_more_than(client: Client) -> ColumnElement[bool]:
    """Subscriptions of the client's organisation that are told no more than its key may see.

    A key for one team shows, and lets change, nothing that is told more than that team.
    """
    table, limits = WebhookSubscription, limits_of(client)
    mine = and_(
        table.organisation_id == client.organisation_id, table.roles.contained_by(sorted(client.roles))
    )
    if limits is None:
        return mine
    return and_(mine, table.team_ids.is_not(None), table.team_ids.contained_by(sorted(limits)))


def seen_by(client: Client, *, own: bool = False) -> Select[Any]:
    """The rows, with their organisations, that a client may see: the operator all, unless only its own."""
    columns = (Organisation.kind, Organisation.code, Organisation.name)
    query: Select[Any] = select(*WebhookSubscription.__table__.columns, *columns).join(
        Organisation, Organisation.id == WebhookSubscription.organisation_id
    )
    if "operator" in client.roles and not own:
        return query
    return query.where(_told_no_more_than(client))


async def find_row(connection: AsyncConnection, client: Client, id: UUID, *, own: bool = False) -> Row:
    """The row of a subscription that the client may see, of its own organisation alone if so asked.

    Raises NotFound.
    """
    query = seen_by(client, own=own).where(WebhookSubscription.id == id)
    found: RowMapping | None = (await connection.execute(query)).mappings().one_or_none()
    if found is None:
        raise NotFound
    return found
