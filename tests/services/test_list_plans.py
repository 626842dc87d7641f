"""What a page of a list reads: about what it shows, whatever is asked for and however much is stored."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from itertools import product
from typing import Any, get_args

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api.handovers import HandoverFilter
from app.api.own_referrals import ReferralFilter
from app.api.pages import Page
from app.config import Settings
from app.models.handover import FLAGS, STATUSES
from app.schemas import words
from app.services.handovers import list_handovers
from bench.lists import CLIENTS, FREQUENT, HANDOVERS, NOW, RARE, REFERRALS, Asked, lists
from bench.plans import Reading, noted, reading_of
from bench.seed import seed
from tests.services.guarded import guarded
from tests.services.planned import filled, rolled_back

HANDOVERS_STORED, LIMIT = 30_000, 3
# Pages of 8 kB. Fourteen states of up to two teams are looked through, each by three pages of an index,
# and the rows that are shown by three more; row-level security looks at each row that an index gives. The
# index of a whole list is larger, not to speak of its rows.
MAY_READ = 300


@pytest.fixture(scope="module")
def seeded(run_settings: Settings) -> Iterator[Settings]:
    """A few years of handovers, with statistics: planners choose by them, not by what a test forbids."""

    async def fill(owner: asyncpg.Connection) -> None:
        await seed(owner, HANDOVERS_STORED)

    with filled(run_settings, fill) as settings:
        yield settings


@pytest.fixture
async def connection(seeded: Settings) -> AsyncIterator[AsyncConnection]:
    async with rolled_back(seeded) as opened:
        yield opened


async def reading(connection: AsyncConnection, asked: Asked) -> Reading:
    async with guarded(connection, asked.client):
        with noted(connection) as statements:
            await asked.ask(connection, asked.client, limit=LIMIT, **asked.filters)
        (statement,) = statements
        return await reading_of(connection, *statement)


def handovers_of(whose: str, filters: dict[str, Any]) -> Asked:
    return Asked(whose, CLIENTS[whose], "handover", partial(list_handovers, now=NOW), filters)


def combinations() -> Iterator[dict[str, Any]]:
    """Every set of filters, each with a value that many have and with one that few have."""
    for values in product(*((None, FREQUENT[name], RARE[name]) for name in FREQUENT)):
        yield {name: value for name, value in zip(FREQUENT, values, strict=True) if value is not None}


@pytest.mark.parametrize("whose", CLIENTS)
async def test_a_page_reads_little_more_than_it_shows_by_whatever_it_is_filtered(
    connection: AsyncConnection, whose: str
) -> None:
    for filters in combinations():
        read = await reading(connection, handovers_of(whose, filters))
        assert read.buffers <= MAY_READ, filters


def _filters(asked: Asked) -> str:
    return ",".join(f"{name}={value}" for name, value in asked.filters.items()) or "none"


@pytest.mark.parametrize("asked", [one for one in lists() if one.table == "referral"], ids=_filters)
async def test_a_page_of_referrals_reads_little_more_than_it_shows(
    connection: AsyncConnection, asked: Asked
) -> None:
    assert (await reading(connection, asked)).buffers <= MAY_READ


@pytest.mark.parametrize(
    ("index", "whose", "filters"),
    [
        ("organisation_id_status_id", "school", {"status": "entered_in_error"}),
        ("receiver_organisation_id_status_id", "desk", {"status": "entered_in_error"}),
        ("organisation_id_team", "school", {"team_id": "team-0-19"}),
        ("receiver_organisation_id_team", "desk", {"team_id": "team-0-19"}),
        ("organisation_id_municipality", "school", {"municipality": "0005"}),
        ("receiver_organisation_id_municipality", "desk", {"municipality": "0005"}),
        ("organisation_id_review", "school", {"flag": "review"}),
        ("receiver_organisation_id_overdue", "desk", {"flag": "overdue"}),
    ],
)
async def test_a_missing_index_shows(
    connection: AsyncConnection, index: str, whose: str, filters: dict[str, Any]
) -> None:
    asked = handovers_of(whose, filters)
    before = await reading(connection, asked)
    # It begins with the municipality and finds what is rare in one: in the stead of the index that misses.
    await connection.exec_driver_sql("DROP INDEX ix_handover_responsible_municipality_person_index")
    await connection.exec_driver_sql(f"DROP INDEX ix_handover_{index}")
    assert before.buffers <= MAY_READ
    after = await reading(connection, asked)
    assert 2 * before.buffers < after.buffers


@pytest.mark.parametrize(("shape", "measured"), [(HandoverFilter, HANDOVERS), (ReferralFilter, REFERRALS)])
def test_every_filter_is_among_those_measured(
    shape: type[Page], measured: tuple[dict[str, Any], ...]
) -> None:
    assert {name for filters in measured for name in filters} == shape.model_fields.keys() - Page.model_fields


def test_the_indexes_know_every_state_and_flag() -> None:
    assert set(STATUSES) == set(get_args(words.HandoverStatus.__value__))
    assert set(FLAGS) == set(get_args(words.HandoverFlag.__value__))
