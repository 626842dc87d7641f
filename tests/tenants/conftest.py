"""The outcome of the matrix, made once for all of its tests."""

import asyncio

import pytest

from app.config import Settings
from tests.tenants.outcome import Outcome, ask_everything, opened_world


@pytest.fixture(scope="session")
def outcome(run_settings: Settings) -> Outcome:
    """What came of everything that was asked."""

    async def run() -> Outcome:
        async with opened_world(run_settings) as world:
            return await ask_everything(world)

    return asyncio.run(run())
