"""Faults that the matrix is there for, planted one by one: it finds each of them (G16)."""

import asyncio
import re
from collections.abc import Callable
from typing import Final

import pytest
from sqlalchemy import ColumnElement, true

from app.config import Settings
from app.deps import Access
from app.services.clients import Client
from app.services.sides import is_seen_by
from tests.tenants.asking import Findings, ask
from tests.tenants.outcome import anew, opened_world, without_row_level_security
from tests.tenants.probes import probes
from tests.tenants.stripped import Removed, connect_through
from tests.tenants.tokens import readers_of, tokens_of
from tests.tenants.world import World

Planting = Callable[[pytest.MonkeyPatch], None]


def without_filter(column: str) -> Planting:
    """The conditions on one column are forgotten."""
    removed = Removed(re.compile(rf"{column} = \$\d+(?:::\w+)?"))
    return lambda patch: connect_through(patch, removed)


def without_role_check(patch: pytest.MonkeyPatch) -> None:
    """No endpoint asks for a role."""
    patch.setattr(Access, "check", lambda *_: None)


def without_relation(patch: pytest.MonkeyPatch) -> None:
    """A handover is there for every desk, in whatever relation to it."""

    def seen(client: Client) -> ColumnElement[bool]:
        return true() if "desk" in client.roles else is_seen_by(client)

    patch.setattr("app.services.opened_referral.is_seen_by", seen)


# What is planted, and the operation at which it must show.
FAULTS: Final[dict[str, tuple[str, Planting]]] = {
    "a list without its filter": ("GET /referrals", without_filter(r"referral\.organisation_id")),
    "a receiver's filter": ("GET /handovers", without_filter(r"handover\.receiver_organisation_id")),
    "a filter of the feed": ("GET /events", without_filter(r"event_audience\.organisation_id")),
    "a role": ("GET /referrals", without_role_check),
    "a relation": ("GET /handovers/{id}", without_relation),
    # Last: it erases what is others'.
    "an erasure's filter": ("POST /erasures", without_filter(r"referral\.organisation_id")),
}


@pytest.fixture(scope="module")
def planted(run_settings: Settings) -> dict[str, Findings]:
    """What the matrix found of each, at its operation."""

    async def run() -> dict[str, Findings]:
        async with opened_world(run_settings) as world:
            return {name: await _found(run_settings, world, *fault) for name, fault in FAULTS.items()}

    return asyncio.run(run())


async def _found(settings: Settings, world: World, operation: str, plant: Planting) -> Findings:
    tokens, readers = await tokens_of(world), await readers_of(world)
    asked = [one for one in probes(world, readers) if one.operation == operation]
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        async with anew(settings, world) as faulty, without_row_level_security(world):
            return await ask(faulty, asked, tokens)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(planted: dict[str, Findings], fault: str) -> None:
    found = planted[fault]
    assert found.leaks or found.statuses or found.unlike
