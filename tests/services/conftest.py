"""A small world for the services: the demo directory, schools that refer, a municipality that receives."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.adapters.erasure_ledger import ErasureLedger
from app.db import Database
from app.reference import open_reference
from app.reference.demo import demo_directory
from app.routing import Directory, Facts, Rulebook, load_rulebook
from app.routing.facts import Consent
from app.services.clients import Client, authenticate, create_client, create_organisation
from app.services.deciding import Deciding
from app.services.demo import register_demo
from app.services.directories import load_directory
from app.services.referrals import Submission, Submitted, submit

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = date(2026, 11, 21)
SUBMISSION = Submission(
    source_reference="sis-2026-004711",
    idempotency_key=None,
    path="/v1/referrals",
    content=b'{"fictional":true}',
    reference_date=TODAY,
    facts=Facts(
        problem_domains=("family_parenting",),
        support_variant="own_neighbourhood",
        birth_date=date(2009, 5, 15),
        home_municipality="0166",
        core_municipality="0193",
        consents=(
            Consent(given_by="student", given_on=TODAY, purpose="referral"),
            Consent(given_by="parent", given_on=TODAY, purpose="referral"),
        ),
    ),
    identity={"firstNames": "Sanne", "surname": "Voorbeeld-Kanarie", "birthDate": "2009-05-15"},
    referrer={"name": "M. Verwijzer-Kanarie", "role": "school_social_worker"},
    reason="Vrije tekst met een kanarie.",
    correlation_id="trace-1",
)


@pytest.fixture
def keyring() -> Keyring:
    return Keyring({"k1": bytes(range(32))}, "k1", bytes(range(1, 33)))


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()


@dataclass
class World:
    """What a test of the services needs at hand."""

    database: Database
    directory: Directory
    rulebook: Rulebook
    keyring: Keyring
    ledger: ErasureLedger
    school: Client
    other_school: Client
    municipality: Client
    core: Client
    now: datetime = NOW
    facts: Facts = SUBMISSION.facts

    def deciding(self) -> Deciding:
        """What is decided with on the day of these tests."""
        held = (self.rulebook, self.directory, open_reference(), self.keyring, self.ledger)
        return Deciding(*held, TODAY, self.now)

    async def submit(self, client: Client | None = None, **changes: Any) -> Submitted:
        """Submits the example with some changes, in a transaction of its own."""
        async with self.database.transaction() as connection:
            return await self.submit_on(connection, client, **changes)

    async def submit_on(
        self, connection: AsyncConnection, client: Client | None = None, **changes: Any
    ) -> Submitted:
        """Submits the example with some changes; the caller decides over the transaction."""
        return await submit(
            connection,
            replace(SUBMISSION, **changes),
            client=client or self.school,
            deciding=self.deciding(),
        )


async def new_client(connection: AsyncConnection, kind: str, code: str, *roles: str) -> Client:
    organisation = await create_organisation(connection, kind=kind, code=code, name=code, now=NOW)
    key = await create_client(connection, organisation, label="test", roles=frozenset(roles), now=NOW)
    return await authenticate(connection, key, NOW)


@pytest.fixture
async def world(database: Database, rulebook: Rulebook, keyring: Keyring, ledger: ErasureLedger) -> World:
    places = open_reference().places
    demo = demo_directory(places)
    async with database.transaction() as connection:
        edition = await register_demo(connection, demo, NOW)
        return World(
            database=database,
            directory=await load_directory(connection, edition, places),
            rulebook=rulebook,
            keyring=keyring,
            ledger=ledger,
            school=await new_client(connection, "school", "00ZZ", "referrer"),
            other_school=await new_client(connection, "school", "00ZY", "referrer"),
            municipality=await new_client(connection, "municipality", "0166", "team", "desk"),
            core=await new_client(connection, "municipality", "0193", "team", "desk"),
        )
