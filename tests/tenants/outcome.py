"""Builds the world, asks everything, and keeps what came of it for the tests to judge."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

import asyncpg
from httpx import ASGITransport, AsyncClient

from app.config import Settings
from app.main import create_app
from app.models.walls import WALLED
from app.reference import open_reference
from app.routing import load_rulebook
from tests.api.parties import TickingClock
from tests.conftest import EMPTY_TABLES
from tests.tenants.asking import Findings, ask
from tests.tenants.operations import Operation
from tests.tenants.people import NOBODY
from tests.tenants.probes import borrowing, controls, probes
from tests.tenants.tokens import Readers, Tokens, readers_of, tokens_of
from tests.tenants.world import REFERRED_ON, World, build

# All that is somebody's, as one digest for each table: what others ask for changes nothing of it.
KEPT: Final = (
    "referral", "decision", "handover", "advice", "event", "event_audience", "idempotency",
    "webhook_subscription", "webhook_delivery", "webhook_attempt", "team", "school", "agreement",
    "import", "import_row", "import_part", "import_erasure",
)  # fmt: skip


URL: Final = "http://service"


@asynccontextmanager
async def opened_world(settings: Settings) -> AsyncIterator[World]:
    """A world over an emptied database, with the real application in this process."""
    clock, owner = TickingClock(REFERRED_ON), await asyncpg.connect(settings.database_owner_url)
    app = create_app(settings, load_rulebook(), clock)
    try:
        await owner.execute("SELECT set_config('test.shipped', $1, false)", open_reference().hash)
        await owner.execute(EMPTY_TABLES)
        transport = ASGITransport(app)
        async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url=URL) as http:
            yield await build(World(app, http, owner, clock))
        await owner.execute(EMPTY_TABLES)
    finally:
        await owner.close()


@asynccontextmanager
async def without_row_level_security(world: World) -> AsyncIterator[None]:
    """As long as the block lasts nothing but the code keeps organisations apart."""
    for table in WALLED:
        await world.owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        for table in WALLED:
            await world.owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


@asynccontextmanager
async def anew(settings: Settings, world: World) -> AsyncIterator[World]:
    """The same world, asked of an application that connects anew."""
    app = create_app(settings, load_rulebook(), world.clock)
    transport = ASGITransport(app)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url=URL) as http:
        yield replace(world, app=app, http=http)


async def digests(world: World) -> dict[str, str]:
    """A digest of all rows of each table."""
    query = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
    return {table: await world.owner.fetchval(query.format(table)) for table in KEPT}


@dataclass
class Outcome:
    """What came of everything that was asked."""

    tokens: Tokens
    readers: Readers
    found: Findings
    changed: list[str]
    borrowed: Findings
    own: Findings
    planned: list[tuple[str, str, list[str]]]
    figures: dict[str, tuple[int, int]]

    def missing(self, operation: Operation) -> set[str]:
        """The kinds of probe that the operation should have had, and had not."""
        asked = {kind for name, kind in (*self.found.asked, *self.own.asked) if name == operation.name}
        return set(_kinds_for(operation)) - asked


def _kinds_for(operation: Operation) -> Iterator[str]:
    yield from ("own", *NOBODY)
    yield from (f"query {name}" for name in operation.queries)
    yield from (f"body {name}" for name in operation.identifiers)
    if operation.access and operation.access.roles:
        yield "role"
    if operation.kinds and operation.relation not in ("open_directory", "owned_directory"):
        yield "path id"


async def ask_everything(world: World) -> Outcome:
    tokens, readers = await tokens_of(world), await readers_of(world)
    before = await digests(world)
    # The database would make good what the code forgets: here the code is alone.
    async with without_row_level_security(world):
        found = await ask(world, probes(world, readers), tokens)
    after = await digests(world)
    planned, figures = await _planned(world), await figures_of(world)
    borrowed = await ask(world, borrowing(world), tokens)
    own = await ask(world, controls(world), await tokens_of(world))
    changed = [table for table in KEPT if before[table] != after[table]]
    return Outcome(tokens, readers, found, changed, borrowed, own, planned, figures)


async def _planned(world: World) -> list[tuple[str, str, list[str]]]:
    """Of each message that waits: whose it is, the event, and the roles of its subscription."""
    rows = await world.owner.fetch(
        "SELECT o.code, d.event_id, s.roles FROM webhook_delivery d "
        "JOIN webhook_subscription s ON s.id = d.subscription_id "
        "JOIN organisation o ON o.id = s.organisation_id"
    )
    return [(row["code"], str(row["event_id"]), row["roles"]) for row in rows]


async def figures_of(world: World) -> dict[str, tuple[int, int]]:
    """Of each school what statistics count as made, and what is there."""
    found = {}
    for who in ("school", "other school"):
        told = await world.told(who, "GET", "/v1/statistics?from=2026-04-01&to=2026-06-30")
        stored = await world.owner.fetchval(
            "SELECT count(*) FROM handover h JOIN organisation o ON o.id = h.organisation_id "
            "WHERE o.code = $1 AND h.status <> 'entered_in_error'",
            world.people[who].organisation,
        )
        found[who] = (told["quarters"][0]["created"], stored)
    return found
