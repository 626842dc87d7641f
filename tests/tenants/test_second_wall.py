"""With every filter taken out of the program the database still shows nobody what is not theirs (G16b)."""

import asyncio
from dataclasses import dataclass

import pytest

from app.config import Settings
from tests.tenants.asking import Findings, ask
from tests.tenants.outcome import (
    anew,
    digests,
    figures_of,
    opened_world,
    without_row_level_security,
)
from tests.tenants.probes import borrowing, reaching, reading
from tests.tenants.stripped import Removed, without_filters
from tests.tenants.tokens import readers_of, tokens_of
from tests.tenants.world import World

# Conditions by the statement they stand in. Fewer: the program asks in a way that is not taken out any more.
KNOWN_FILTERS = 26
# Where they stand, as far as something is shown: a search compares what was made with the organisation's key.
FILTERED = {
    *("GET /referrals", "GET /referrals/{id}", "GET /referrals/{id}/receipt", "GET /handovers"),
    *("GET /handovers/{id}", "GET /handovers/{id}/events", "GET /events", "GET /webhook-subscriptions"),
    *("GET /webhook-subscriptions/{id}", "GET /webhook-subscriptions/{id}/deliveries"),
    *("GET /webhook-subscriptions/{id}/deliveries/{deliveryId}", "GET /imports", "GET /imports/{id}"),
    "GET /imports/{id}/rows",
}


@dataclass
class Walls:
    """What leaked with both walls down, with one of them, and what was taken out for it."""

    removed: Removed
    by_database: Findings
    changed: list[str]
    figures: dict[str, tuple[int, int]]
    borrowed: Findings
    by_neither: Findings
    figures_of_all: dict[str, tuple[int, int]]


@pytest.fixture(scope="module")
def walls(run_settings: Settings) -> Walls:
    async def run() -> Walls:
        async with opened_world(run_settings) as world:
            return await _with_walls_down(run_settings, world)

    return asyncio.run(run())


async def _with_walls_down(settings: Settings, world: World) -> Walls:
    tokens, readers = await tokens_of(world), await readers_of(world)
    with without_filters() as removed:
        async with anew(settings, world) as stripped:
            before = await digests(world)
            by_database = await ask(stripped, reaching(world, readers), tokens)
            changed = [table for table, digest in (await digests(world)).items() if digest != before[table]]
            figures = await figures_of(stripped)
            borrowed = await ask(stripped, borrowing(world), tokens)
            async with without_row_level_security(world):
                by_neither = await ask(stripped, reading(world, readers), tokens)
                of_all = await figures_of(stripped)
    return Walls(removed, by_database, changed, figures, borrowed, by_neither, of_all)


def test_without_filters_nothing_of_others_is_shown(walls: Walls) -> None:
    assert walls.by_database.leaks == []


def test_without_filters_nothing_of_others_is_changed(walls: Walls) -> None:
    assert walls.changed == []


def test_without_filters_what_is_not_theirs_is_not_there(walls: Walls) -> None:
    assert walls.by_database.statuses == []
    assert walls.by_database.unlike == []


def test_without_filters_figures_count_what_is_their_own(walls: Walls) -> None:
    assert all(counted == stored for counted, stored in walls.figures.values())


def test_control_without_filters_and_without_the_database_figures_count_all(walls: Walls) -> None:
    assert all(counted > stored for counted, stored in walls.figures_of_all.values())


def test_without_filters_the_keys_and_references_of_others_mean_nothing(walls: Walls) -> None:
    assert (walls.borrowed.leaks, walls.borrowed.statuses) == ([], [])


def test_control_without_both_walls_the_matrix_finds_leaks_wherever_there_was_a_filter(walls: Walls) -> None:
    asked, leaks = walls.by_database.asked.total(), len(walls.by_neither.leaks)
    print(f"{asked} probes, {len(walls.removed.filters)} filters taken out; {leaks} leaks without both walls")
    assert walls.by_neither.shown == FILTERED


def test_all_known_filters_were_taken_out(walls: Walls) -> None:
    assert walls.removed.left == set()
    assert len(walls.removed.filters) >= KNOWN_FILTERS
