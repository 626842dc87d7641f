"""Lists at 50,000 and at 2 million handovers: pages in turn, and how much each reads."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import DataKey, Keyring
from app.config import Settings
from app.db import migrate, open_database
from app.services.clients import Client
from app.services.handovers import list_handovers
from app.services.referrals import list_referrals
from app.services.sealed import dump
from bench.plans import Reading, noted, reading_of
from bench.seed import seed
from bench.stage import Stage, new_database, settings_of

NOW: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
SIZES: Final = (50_000, 2_000_000)
PAGE, DEEP_PAGE = 50, 1000
# Fourteen states of at most two teams, each looked through for a page and one row more; then the page itself.
MOST_ROWS = (14 * 2 + 2) * (PAGE + 1)
# After a few times PostgreSQL may keep one plan for all values: what is measured is after that.
WARM_UP, ROUNDS, CALLS = 7, 7, 3
# Hundreds of medians: the few that stray over the goal by chance are measured anew, for longer.
GOAL, AGAIN = 1.5, 4

Filters = Mapping[str, Any]
ListPage = Callable[..., Awaitable[tuple[list[Any], UUID | None]]]

FREQUENT: Final[Filters] = {
    "status": "completed", "team_id": "team-0-0", "municipality": "0000", "flag": "review",
}  # fmt: skip
RARE: Final[Filters] = {
    "status": "entered_in_error", "team_id": "team-0-19", "municipality": "0005", "flag": "disputed",
}  # fmt: skip
HANDOVERS: Final[tuple[Filters, ...]] = (
    {},
    *({name: value} for values in (FREQUENT, RARE) for name, value in values.items()),
    {"status": "offered"},
    {"flag": "overdue"},
    FREQUENT,
    {"status": "offered", "team_id": "team-0-19", "municipality": "0000", "flag": "overdue"},
    # Many have the one and many the other, and nobody both.
    {"team_id": "team-0-0", "municipality": "0005"},
)
MAY: Final[Filters] = {"created_from": date(2025, 5, 1), "created_to": date(2025, 5, 31)}
REFERRALS: Final[tuple[Filters, ...]] = (
    {}, {"status": "closed"}, {"status": "needs_information"}, MAY, {"status": "open", **MAY},
)  # fmt: skip

# What a filter is in SQL: where a page starts is found without going through those before it.
_IN_SQL: Final = {
    "status": "status = '{}'",
    "team_id": "team_id = '{}'",
    "municipality": "responsible_municipality = '{}'",
    "flag": "flags @> ARRAY['{}']",
    "created_from": "created_at >= timestamp '{}' AT TIME ZONE 'Europe/Amsterdam'",
    "created_to": "created_at < (timestamp '{}' + interval '1 day') AT TIME ZONE 'Europe/Amsterdam'",
}


class StubKeyring(Keyring):
    """Opens every stub alike: SQL cannot seal, and opening takes the same for each page of any list."""

    def open_data_key(self, key_id: str, wrapped: bytes, row: str) -> DataKey:  # noqa: ARG002
        """The key under which everything is the stub."""
        return _StubKey(bytes(32))


class _StubKey(DataKey):
    def decrypt(self, sealed: bytes, *, table: str, column: str, row: str) -> bytes:  # noqa: ARG002
        return _IDENTITY


_IDENTITY: Final = dump({"student": {}, "referrer": {}, "sourceReference": "stub"})
_KEYRING: Final = StubKeyring({"stub": bytes(32)}, "stub", bytes(32))


async def _list_referrals(connection: AsyncConnection, client: Client, **rest: Any) -> Any:
    return await list_referrals(connection, client, _KEYRING, **rest)


def client_of(kind: str, *roles: str, team_ids: frozenset[str] | None = None) -> Client:
    """A key of the largest seeded organisation of a kind."""
    id = UUID(hashlib.md5(f"{kind}0".encode(), usedforsecurity=False).hexdigest())
    return Client(id, id, kind, "0000", frozenset(roles), team_ids, newest_edition=1)


CLIENTS: Final[Mapping[str, Client]] = {
    "school": client_of("school", "referrer"),
    "desk": client_of("municipality", "desk"),
    "key of two teams": client_of("municipality", "team", team_ids=frozenset({"team-0-0", "team-0-19"})),
    "referrer and team": client_of("municipality", "referrer", "team"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A list that somebody asks for, by the function of the service that doors call."""

    whose: str
    client: Client
    table: str
    ask: ListPage
    filters: Filters


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list at both sizes: seconds, their ratio, how many rows it shows, what was read."""

    asked: Asked
    page: str
    small: float
    large: float
    ratio: float
    shown: tuple[int, int]
    reading: Reading

    @property
    def comparable(self) -> bool:
        """Whether both sizes show as much: a page of 50 takes longer than one of three."""
        return self.shown[0] == self.shown[1]


def lists() -> Iterator[Asked]:
    """All lists that are measured."""
    for whose, client in CLIENTS.items():
        for filters in HANDOVERS:
            yield Asked(whose, client, "handover", partial(list_handovers, now=NOW), filters)
    for filters in REFERRALS:
        yield Asked("school's referrals", CLIENTS["school"], "referral", _list_referrals, filters)


def measure(stage: Stage, sizes: tuple[int, int] = SIZES, rounds: int = ROUNDS) -> list[Listed]:
    """Every list at both sizes, in two databases of one server, the calls in turn."""
    settings = [settings_of(asyncio.run(new_database(stage, f"lists_{size}"))) for size in sizes]
    for size, one in zip(sizes, settings, strict=True):
        migrate(one)
        asyncio.run(_fill(one, size))
    return asyncio.run(_measure(settings, rounds))


async def _fill(settings: Settings, handovers: int) -> None:
    owner = await asyncpg.connect(settings.database_owner_url)
    await seed(owner, handovers)
    await owner.close()


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[tuple[AsyncConnection, asyncpg.Connection]]:
    """A connection of the service in a transaction, and one of the owner."""
    owner = await asyncpg.connect(settings.database_owner_url)
    async with open_database(settings) as database, database.transaction() as connection:
        yield connection, owner
    await owner.close()


async def _measure(settings: list[Settings], rounds: int) -> list[Listed]:
    measured = []
    async with _open(settings[0]) as (small, small_owner), _open(settings[1]) as (large, large_owner):
        for asked in lists():
            measured.append(await _pages(asked, "first", (small, None), (large, None), rounds))
            starts = [await _deep_start(owner, asked) for owner in (small_owner, large_owner)]
            if None not in starts:
                deep = ((small, starts[0]), (large, starts[1]))
                measured.append(await _pages(asked, "1,000th", *deep, rounds))
    return measured


async def _deep_start(owner: asyncpg.Connection, asked: Asked) -> UUID | None:
    """After which row the 1,000th page starts, or the last 50 of a shorter list; None where one is all."""
    client = asked.client
    sides = [f"organisation_id = '{client.organisation_id}'"] if "referrer" in client.roles else []
    if client.roles & {"team", "desk"}:
        teams = "".join(f", '{team}'" for team in client.team_ids or ())
        received = f"receiver_organisation_id = '{client.organisation_id}' AND status <> 'needs_consent'"
        sides.append(f"{received} AND team_id IN (''{teams})" if teams else received)
    wanted = [f"({' OR '.join(sides)})", *(_IN_SQL[name].format(v) for name, v in asked.filters.items())]
    query = f"SELECT id FROM {asked.table} WHERE {' AND '.join(wanted)} ORDER BY id LIMIT $1"  # noqa: S608
    rows = await owner.fetch(query, PAGE * DEEP_PAGE)
    return rows[-PAGE - 1]["id"] if len(rows) > PAGE else None


Page = tuple[AsyncConnection, UUID | None]


async def _pages(asked: Asked, page: str, small: Page, large: Page, rounds: int) -> Listed:
    shown = [await _warm_up(asked, one) for one in (small, large)]
    pairs = await _pairs(asked, small, large, rounds)
    if _ratio(pairs) > GOAL:
        pairs = await _pairs(asked, small, large, rounds * AGAIN)
    with noted(large[0]) as statements:
        await _ask(asked, large)
    readings = [await reading_of(large[0], *statement) for statement in statements]
    assert len(readings) == 1, "a list is one statement"
    return Listed(
        asked,
        page,
        median(one for one, _ in pairs),
        median(other for _, other in pairs),
        _ratio(pairs),
        (shown[0], shown[1]),
        readings[0],
    )


async def _pairs(asked: Asked, small: Page, large: Page, rounds: int) -> list[tuple[float, float]]:
    return [(await _seconds(asked, small), await _seconds(asked, large)) for _ in range(rounds)]


def _ratio(pairs: list[tuple[float, float]]) -> float:
    return median(large / small for small, large in pairs)


async def _ask(asked: Asked, page: Page) -> int:
    connection, after = page
    items, _ = await asked.ask(connection, asked.client, after=after, limit=PAGE, **asked.filters)
    return len(items)


async def _warm_up(asked: Asked, page: Page) -> int:
    """How many rows the page shows."""
    return [await _ask(asked, page) for _ in range(WARM_UP)][-1]


async def _seconds(asked: Asked, page: Page) -> float:
    started = perf_counter()
    for _ in range(CALLS):
        await _ask(asked, page)
    return (perf_counter() - started) / CALLS
