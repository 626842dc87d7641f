"""A service with a clock that tests move, organisations, and a receiver that keeps what it got."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.adapters.log import log_as_json
from app.config import Settings
from app.resources import open_resources
from tests.webhooks.receiver import Receiver
from tests.webhooks.stage import Moving, Stage


@pytest.fixture
async def stage(settings: Settings, owner: asyncpg.Connection) -> AsyncIterator[Stage]:
    log_as_json()
    loopback = settings.model_copy(update={"webhook_allow_loopback": True, "webhook_deadline_seconds": 1.0})
    clock = Moving()
    async with open_resources(loopback, clock=clock) as resources:
        yield Stage(resources, clock, owner)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    running = Receiver()
    await running.start()
    yield running
    await running.stop()
