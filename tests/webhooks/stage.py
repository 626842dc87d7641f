"""What tests of webhooks do: make subscriptions and events, number them, send, and look."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from app.adapters.identifiers import new_ids
from app.resources import Resources
from app.services.clients import Client, authenticate, create_client, create_organisation
from app.services.delivery_status import tell_handovers
from app.services.numbering import number_events
from app.services.preconditions import Precondition
from app.services.subscription_changes import change_subscription
from app.services.subscription_rows import Wanted
from app.services.subscriptions import create_subscription
from app.worker.send_deliveries import Sending

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
EVENT = """
INSERT INTO event (id, organisation_id, receiver_organisation_id, desk_organisation_id, team_id, referral_id,
                   handover_id, type, role, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'team', $9)
"""


@dataclass
class Moving:
    """A clock that stands still until it is moved."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Stage:
    """A service under a clock that tests move."""

    resources: Resources
    clock: Moving
    owner: asyncpg.Connection
    sending: Sending = field(default_factory=Sending)

    async def client(self, kind: str, code: str, *roles: str, teams: frozenset[str] | None = None) -> Client:
        async with self.resources.database.transaction() as connection:
            now = self.clock.now()
            organisation = await create_organisation(connection, kind=kind, code=code, name=code, now=now)
            key = await create_client(
                connection, organisation, label="", roles=frozenset(roles), now=now, team_ids=teams
            )
            return await authenticate(connection, key, now)

    async def school(self) -> Client:
        return await self.client("school", "00ZZ", "referrer")

    async def subscribe(self, client: Client, url: str, *types: str) -> dict[str, Any]:
        """A new subscription, after all that was told before has its number."""
        await self.number()
        async with self.resources.database.transaction() as connection:
            return await create_subscription(
                connection, client, self.resources.keyring, Wanted(url, types), self.clock.now()
            )

    async def change(self, client: Client, id: str, wanted: Wanted) -> dict[str, Any]:
        async with self.resources.database.transaction() as connection:
            said = Precondition(frozenset({"*"}))
            return await change_subscription(
                connection, client, self.resources.keyring, UUID(id), wanted, said, self.clock.now()
            )

    async def happens(
        self, school: Client, referral: UUID | None = None, type: str = "referral.decided", **of: Any
    ) -> str:
        """Writes an event; returns its id. `of` are `receiver`, `desk`, `team`, `handover`."""
        id = new_ids(self.clock.now(), 1)[0]
        told = (of.get("receiver"), of.get("desk"), of.get("team"), referral, of.get("handover"), type)
        await self.owner.execute(EVENT, id, school.organisation_id, *told, self.clock.now())
        return str(id)

    async def number(self) -> int:
        async with self.resources.database.transaction() as connection:
            return await number_events(connection)

    async def send(self) -> None:
        """Sends until nothing is due at this moment."""
        while await self.sending.run(self.resources):
            pass
        await self.sending.finish()

    async def go(self) -> None:
        """Numbers and sends, and tells the handovers."""
        await self.number()
        await self.send()
        async with self.resources.database.transaction() as connection:
            await tell_handovers(connection)

    async def deliveries(self) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self.owner.fetch(
            "SELECT * FROM webhook_delivery ORDER BY position"
        )
        return rows

    async def statuses(self) -> list[str]:
        return [row["status"] for row in await self.deliveries()]


def referral() -> UUID:
    """The id of some referral."""
    return new_ids(START, 1)[0]
