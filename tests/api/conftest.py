"""The real application over the real database, with the demo directory and a key for each side."""

from collections.abc import AsyncIterator, Awaitable, Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.adapters.clock import Clock, SystemClock
from app.config import Settings
from app.main import create_app
from app.reference import open_reference
from app.reference.demo import demo_directory
from app.resources import Resources
from app.routing import Rulebook, load_rulebook
from app.schemas.example import EXAMPLE, REFERENCE_DATE
from app.services.clients import create_client, create_organisation
from app.services.demo import register_demo
from tests.api.parties import PARTIES, Parties

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

MakeKey = Callable[..., Awaitable[str]]
Json = dict[str, Any]


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture
def clock() -> Clock:
    """The time of today; a module that needs another day has a clock of its own."""
    return SystemClock()


@pytest.fixture
async def app(settings: Settings, rulebook: Rulebook, clock: Clock) -> AsyncIterator[FastAPI]:
    built = create_app(settings, rulebook, clock)
    async with built.router.lifespan_context(built):
        yield built


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client without a key."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://service") as client:
        yield client


@pytest.fixture
def resources(app: FastAPI) -> Resources:
    held = app.state.resources
    assert isinstance(held, Resources)
    return held


@pytest.fixture
async def make_key(resources: Resources) -> MakeKey:
    """Gives an organisation a key with some roles."""

    async def make(kind: str, code: str, *roles: str) -> str:
        async with resources.database.transaction() as connection:
            organisation = await create_organisation(connection, kind=kind, code=code, name=code, now=NOW)
            return await create_client(
                connection, organisation, label="test", roles=frozenset(roles), now=NOW
            )

    return make


@pytest.fixture
async def directory(resources: Resources) -> None:
    """The demo directory as the first edition."""
    demo = demo_directory(open_reference().places)
    async with resources.database.transaction() as connection:
        await register_demo(connection, demo, NOW)


@pytest.fixture
async def school(http: AsyncClient, make_key: MakeKey) -> AsyncClient:
    """A client with the key of a school that refers."""
    http.headers["Authorization"] = f"Bearer {await make_key('school', '00ZZ', 'referrer')}"
    return http


@pytest.fixture
async def parties(
    http: AsyncClient,
    resources: Resources,
    make_key: MakeKey,
    directory: None,  # noqa: ARG001  loaded for it
) -> Parties:
    """Everybody who takes part, over the demo directory."""
    keys = {who: await make_key(*credential) for who, credential in PARTIES.items()}
    return Parties(http, resources, keys)


@pytest.fixture
def body() -> Json:
    """The example of the contract, to change."""
    return deepcopy({**EXAMPLE, "referenceDate": REFERENCE_DATE})
