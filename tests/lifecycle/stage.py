"""A world for the life of handovers: who takes part, a clock to turn, and short ways to act and look."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.clock import AMSTERDAM
from app.adapters.encryption import Keyring
from app.adapters.erasure_ledger import ErasureLedger
from app.adapters.postgres import driver_of
from app.errors import NotFound
from app.models import Advice, Event, Handover, Referral
from app.reference import open_reference
from app.reference.demo import demo_directory
from app.routing import Directory, Facts, Rulebook
from app.routing.facts import Consent
from app.services.clients import Client, create_client, create_organisation
from app.services.deciding import Deciding, Revising
from app.services.demo import register_demo
from app.services.directories import load_directory
from app.services.lifecycle.placing import Body
from app.services.lifecycle.transitions import transition
from app.services.lifecycle.work import Asked
from app.services.preconditions import Precondition
from app.services.referrals import Submission, submit
from app.services.revising import revise
from app.services.seen_handover import find_handover

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = date(2026, 11, 21)
KAMPEN, ZWOLLE, DALFSEN, TUBBERGEN = "0166", "0193", "0148", "0183"
GIVEN = (
    Consent(given_by="student", given_on=TODAY, purpose="referral"),
    Consent(given_by="parent", given_on=TODAY, purpose="referral"),
)
FACTS = Facts(
    problem_domains=("family_parenting",),
    support_variant="own_neighbourhood",
    birth_date=date(2009, 5, 15),
    home_municipality=KAMPEN,
    core_municipality=ZWOLLE,
    consents=GIVEN,
)
NAMES = {
    "responsibleBody": "responsible_body",
    "expectedOn": "expected_on",
    "firstContactOn": "first_contact_on",
}

Json = dict[str, Any]
Row = dict[str, Any]


@dataclass
class Stage:
    """One connection inside a transaction that is never committed, and everybody who acts on it."""

    connection: AsyncConnection
    directory: Directory
    rulebook: Rulebook
    keyring: Keyring
    ledger: ErasureLedger
    clients: dict[str, Client]
    now: datetime = NOW

    @property
    def deciding(self) -> Deciding:
        today = self.now.astimezone(AMSTERDAM).date()
        held = (self.rulebook, self.directory, open_reference(), self.keyring, self.ledger)
        return Deciding(*held, today, self.now)

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)

    async def submit(self, facts: Facts = FACTS) -> Json:
        """A new referral of the school, as its answer shows it."""
        self.now += timedelta(seconds=1)
        submission = Submission(
            source_reference=None,
            idempotency_key=None,
            path="/v1/referrals",
            content=b"{}",
            reference_date=self.deciding.today,
            facts=facts,
            identity={"firstNames": "Sanne", "surname": "Voorbeeld"},
            referrer={"name": "M. Verwijzer", "role": "school_social_worker"},
            reason=None,
            correlation_id=None,
        )
        made = await submit(
            self.connection, submission, client=self.clients["referrer"], deciding=self.deciding
        )
        return made.referral

    async def offered(self, facts: Facts = FACTS) -> UUID:
        """The one handover of a new referral."""
        [handover] = (await self.submit(facts))["handovers"]
        return UUID(handover["id"])

    async def step(
        self, who: str | Client, id: UUID, action: str, *, version: int | str | None = "*",
        key: str | None = None, content: bytes | None = None, **fields: Any
    ) -> Json:  # fmt: skip
        """Takes a step as the service does it for a request; a field of None was not sent."""
        self.now += timedelta(seconds=1)
        said = Precondition(None if version is None else frozenset({str(version)}))
        asked = Asked(
            action=action,
            given=frozenset(fields),
            said=said,
            key=key,
            content=content or action.encode(),
            **{NAMES.get(name, name): value for name, value in fields.items()},
        )
        client = self.clients[who] if isinstance(who, str) else who
        return await transition(self.connection, client, id, asked, self.deciding, None)

    async def tell(self, referral: UUID, **facts: Any) -> Json:
        """New facts of the school."""
        self.now += timedelta(seconds=1)
        event = "consent.changed" if "consents" in facts else None
        revising = Revising(lambda before, _: replace(before, **facts), {}, None, event)
        return await revise(
            self.connection, self.clients["referrer"], referral, revising, self.deciding, None
        )

    async def row(self, id: UUID) -> Row:
        found = await self.connection.execute(select(Handover).where(Handover.id == id))
        return dict(found.mappings().one())

    async def put(self, id: UUID, **columns: Any) -> None:
        """Puts a handover where a test starts."""
        await self.connection.execute(update(Handover).where(Handover.id == id).values(columns))

    async def found(self, who: str | Client, id: UUID) -> Json | None:
        """A handover as a client reads it; None where it finds none."""
        try:
            client = self.clients[who] if isinstance(who, str) else who
            return await find_handover(self.connection, client, self.keyring, id, self.now)
        except NotFound:
            return None

    async def handovers(self, referral: UUID) -> list[Row]:
        query = select(Handover).where(Handover.referral_id == referral).order_by(Handover.id)
        return [dict(row) for row in (await self.connection.execute(query)).mappings()]

    async def advice(self, referral: UUID) -> list[Row]:
        query = select(Advice).where(Advice.referral_id == referral).order_by(Advice.id)
        return [dict(row) for row in (await self.connection.execute(query)).mappings()]

    async def referral(self, referral: UUID) -> Row:
        found = await self.connection.execute(select(Referral).where(Referral.id == referral))
        return dict(found.mappings().one())

    async def events(self, referral: UUID, since: int = 0) -> list[Row]:
        query = select(Event).where(Event.referral_id == referral).order_by(Event.id)
        return [dict(row) for row in (await self.connection.execute(query)).mappings()][since:]

    async def told(self, referral: UUID, since: int = 0) -> list[str]:
        """The types of a referral's events, in order."""
        return [event["type"] for event in await self.events(referral, since)]

    async def everything(self) -> list[str]:
        """All rows of what a step may change, as PostgreSQL writes them."""
        found = []
        for table in ("handover", "advice", "event", "referral", "decision", "idempotency"):
            rows = await self.connection.execute(text(f"SELECT t::text FROM {table} t ORDER BY 1"))  # noqa: S608
            found += list(rows.scalars())
        return found

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        """What happens inside is taken back afterwards."""
        driver, now = await driver_of(self.connection), self.now
        await driver.execute("SAVEPOINT stage")
        try:
            yield
        finally:
            await driver.execute("ROLLBACK TO SAVEPOINT stage; RELEASE SAVEPOINT stage")
            self.now = now


def body(municipality: str) -> Body:
    return Body("municipality", municipality)


async def new_stage(connection: AsyncConnection, rulebook: Rulebook, ledger: ErasureLedger) -> Stage:
    """The demo directory, and a client for each part."""
    places = open_reference().places
    demo = demo_directory(places)
    edition = await register_demo(connection, demo, NOW)
    ids = {}
    for kind, code in _ORGANISATIONS:
        ids[code] = await create_organisation(connection, kind=kind, code=code, name=code, now=NOW)
        await create_client(connection, ids[code], label="test", roles=frozenset({"desk"}), now=NOW)
    clients = {
        name: Client(uuid4(), ids[code], kind, code, frozenset(roles.split()), teams, 1)
        for name, (kind, code, roles, teams) in _CLIENTS.items()
    }
    keyring = Keyring({"k1": bytes(range(32))}, "k1", bytes(range(1, 33)))
    directory = await load_directory(connection, edition, places)
    return Stage(connection, directory, rulebook, keyring, ledger, clients)


_ORGANISATIONS = (
    ("school", "00ZZ"), ("school", "00ZY"), ("operator", "operator"), ("municipality", KAMPEN),
    ("municipality", ZWOLLE), ("municipality", DALFSEN),
)  # fmt: skip
_CLIENTS: dict[str, tuple[str, str, str, frozenset[str] | None]] = {
    "referrer": ("school", "00ZZ", "referrer", None),
    "team": ("municipality", KAMPEN, "team", None),
    "limited_team": ("municipality", KAMPEN, "team", frozenset({"kampen-schuldhulp"})),
    "desk": ("municipality", KAMPEN, "desk", None),
    "other_desk": ("municipality", ZWOLLE, "desk", None),
    "other_team": ("municipality", ZWOLLE, "team", None),
    "other_municipality": ("municipality", DALFSEN, "team desk", None),
    "other_school": ("school", "00ZY", "referrer", None),
    "operator": ("operator", "operator", "operator", None),
    "nobody": ("school", "00ZZ", "auditor", None),
}
