"""The real application with a referral in it, and a key with every role."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from app.config import Settings
from app.main import create_app
from app.reference import open_reference
from app.reference.demo import demo_directory
from app.resources import Resources
from app.services.clients import create_client, create_organisation
from app.services.demo import register_demo

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ROLES = frozenset({"referrer", "team", "desk", "auditor", "directory_admin", "operator"})


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    built = create_app(settings)
    async with built.router.lifespan_context(built):
        yield built


@pytest.fixture
async def key(app: FastAPI) -> str:
    """A key of a school that may do everything; the demo directory is there."""
    resources: Resources = app.state.resources
    demo = demo_directory(open_reference().places)
    async with resources.database.transaction() as connection:
        await register_demo(connection, demo, NOW)
        school = await create_organisation(connection, kind="school", code="00ZZ", name="00ZZ", now=NOW)
        return await create_client(connection, school, label="test", roles=ROLES, quota=0, now=NOW)
