"""A service whose day a test sets, with a school that refers, and the towns around it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from pydantic.alias_generators import to_camel

from app.adapters.clock import AMSTERDAM
from app.config import Settings
from app.reference import open_reference
from app.reference.demo import demo_directory
from app.resources import Resources, open_resources
from app.routing import Facts
from app.services.clients import Client
from app.services.demo import register_demo
from app.services.handovers import list_handovers
from app.services.lifecycle.transitions import transition
from app.services.lifecycle.work import Asked
from app.services.preconditions import Precondition
from app.services.referrals import submit
from app.worker import clocks
from tests.services.conftest import SUBMISSION, new_client

FIRST_DAY = date(2026, 11, 23)  # a Monday
Json = dict[str, Any]


class SetClock:
    """A clock that a test sets, at noon in Amsterdam of a day."""

    def __init__(self, day: date) -> None:
        self.day = day

    def now(self) -> datetime:
        return datetime.combine(self.day, time(12), AMSTERDAM).astimezone(UTC)

    def today(self) -> date:
        return self.day


@dataclass
class Course:
    """What happens to handovers, day by day."""

    resources: Resources
    clock: SetClock
    owner: asyncpg.Connection
    school: Client
    kampen: Client
    zwolle: Client

    def on(self, day: date | int) -> None:
        """Sets the day; a number is so many days after the first."""
        self.clock.day = day if isinstance(day, date) else FIRST_DAY + timedelta(days=day)

    async def refer(self, facts: Facts = SUBMISSION.facts, on: date | None = None) -> Json:
        """A referral of today; the referral as the school sees it."""
        today = self.clock.day
        sent = replace(SUBMISSION, source_reference=None, facts=facts, reference_date=on or today)
        async with self.resources.database.transaction() as connection:
            deciding = self.resources.deciding(await self.resources.newest_edition(connection))
            submitted = await submit(connection, sent, client=self.school, deciding=deciding)
        return submitted.referral

    async def offered(self, facts: Facts = SUBMISSION.facts) -> UUID:
        """A handover that is offered today."""
        return UUID((await self.refer(facts))["handovers"][0]["id"])

    async def step(self, client: Client, id: UUID, action: str, **told: Any) -> Json:
        """A step of a client."""
        asked = Asked(
            action=action,
            given=frozenset(map(to_camel, told)),
            said=Precondition(frozenset({"*"})),
            key=None,
            content=b"",
            **told,
        )
        async with self.resources.database.transaction() as connection:
            deciding = self.resources.deciding(await self.resources.newest_edition(connection))
            return await transition(connection, client, id, asked, deciding, None)

    async def tick(self) -> int:
        """How many referrals the worker did something for, until it found nothing more to do."""
        done = 0
        while now := await clocks.JOB.run(self.resources):
            done += now
            assert done < 1000, "the worker finds the same again and again"
        return done

    async def row(self, id: UUID) -> Any:
        return await self.owner.fetchrow("SELECT * FROM handover WHERE id = $1", id)

    async def desk_of(self, id: UUID) -> Client:
        desk = (await self.row(id))["desk_organisation_id"]
        return next(client for client in (self.kampen, self.zwolle) if client.organisation_id == desk)

    async def flags(self, id: UUID) -> set[str]:
        return set((await self.row(id))["flags"])

    async def events(self, id: UUID) -> list[tuple[str, str]]:
        rows = await self.owner.fetch("SELECT type, role FROM event WHERE handover_id = $1 ORDER BY id", id)
        return [(row["type"], row["role"]) for row in rows]

    async def listed(self, client: Client, flag: str) -> list[Json]:
        async with self.resources.database.transaction() as connection:
            found, _ = await list_handovers(connection, client, flag=flag, now=self.clock.now())
        return found


@pytest.fixture
async def course(settings: Settings, owner: asyncpg.Connection) -> AsyncIterator[Course]:
    clock = SetClock(FIRST_DAY)
    demo = demo_directory(open_reference().places)
    async with open_resources(settings, clock=clock) as resources:
        async with resources.database.transaction() as connection:
            await register_demo(connection, demo, clock.now())
            school = await new_client(connection, "school", "00ZZ", "referrer")
            kampen = await new_client(connection, "municipality", "0166", "team", "desk")
            zwolle = await new_client(connection, "municipality", "0193", "team", "desk")
        yield Course(resources, clock, owner, school, kampen, zwolle)
