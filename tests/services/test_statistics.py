"""What an organisation may count: whole quarters, its own handovers, and nothing below five."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import insert, update

from app.adapters.identifiers import new_ids
from app.errors import NotAllowed
from app.models import Handover, Referral
from app.services.clients import Client
from app.services.quarters import Quarter, quarters
from app.services.statistics import find_statistics
from tests.services.conftest import new_client

Json = dict[str, Any]

FIRST, SECOND = Quarter(date(2026, 1, 1)), Quarter(date(2026, 4, 1))
IN_FIRST = datetime(2026, 2, 10, 9, tzinfo=UTC)


async def store(world: Any, count: int, *, variant: str = "own_neighbourhood", **columns: Any) -> None:
    """So many handovers of the school to the team of Kampen, each of a referral of its own."""
    at = columns.get("created_at", IN_FIRST)
    ids = new_ids(at, count)
    referral = {
        "organisation_id": world.school.organisation_id,
        "status": "open",
        "created_at": at,
        "decision_version": 1,
        "content_fingerprint": b"f",
        "key_id": "k1",
        "wrapped_key": b"k",
        "identity": b"i",
        "reference_date": at.date(),
        "support_variant": variant,
    }
    handover = {
        "organisation_id": world.school.organisation_id,
        "receiver_organisation_id": world.municipality.organisation_id,
        "decision_version": 1,
        "status": "offered",
        "lead": True,
        "version": 1,
        "team_id": "kampen-wijkteam",
        "team_kind": "neighbourhood_team",
        "team_name": "Wijkteam",
        "responsible_municipality": "0166",
        "provisions": ["jw"],
        "problem_domains": ["mental_health"],
        "route_positions": [0],
        "flags": [],
        "delivery_status": "none",
        "created_at": at,
        "offered_at": at,
        "deadlines": [],
    }
    async with world.database.transaction() as connection:
        await connection.execute(insert(Referral), [{**referral, "id": id} for id in ids])
        rows = [{**handover, "id": id, "referral_id": id, **columns} for id in ids]
        await connection.execute(insert(Handover), rows)


async def figures(
    world: Any, client: Client | None = None, first: Quarter = FIRST, last: Quarter = FIRST
) -> list[Json]:
    asking = client or world.municipality
    async with world.database.session() as session:
        await session.begin("organisation", asking.organisation_id)
        return await find_statistics(session.connection, asking, first, last)


async def quarter(world: Any, client: Client | None = None) -> Json:
    (found,) = await figures(world, client)
    return found


def table(found: Json, name: str) -> dict[str, int]:
    """Category to count."""
    return {next(v for k, v in row.items() if k != "count"): row["count"] for row in found[name]}


async def test_handovers_are_counted_by_act_domain_and_variant(world: Any) -> None:
    await store(world, 7, provisions=["jw", "jw_ext"], problem_domains=["debts", "housing"])
    await store(world, 6, provisions=["wgs", "jw"], variant="municipal_youth_team")
    found = await quarter(world)
    assert found["created"] == 13
    assert table(found, "legalFrameworks") == {"youth_act": 13, "debt_assistance_act": 6}
    assert table(found, "problemDomains") == {"debts": 7, "housing": 7, "mental_health": 6}
    assert table(found, "supportVariants") == {"own_neighbourhood": 7, "municipal_youth_team": 6}


async def test_ends_are_counted_by_outcome_in_the_quarter_of_the_end(world: Any) -> None:
    later = IN_FIRST + timedelta(days=80)
    await store(world, 6, status="completed", outcome="goals_reached", ended_at=later)
    await store(world, 5, status="stopped", ended_at=IN_FIRST)
    await store(world, 7, status="rejected", ended_at=later)
    first, second = await figures(world, last=SECOND)
    assert (first["created"], first["closed"], first["endedOtherwise"]) == (18, 5, None)
    assert (second["created"], second["closed"], second["endedOtherwise"]) == (None, 6, 7)
    assert table(second, "closings") == {"goals_reached": 6}
    assert table(second, "otherEnds") == {"rejected": 7}


def numbers(node: Any, name: str = "") -> Iterator[tuple[str, int]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from numbers(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from numbers(value, name)
    elif isinstance(node, int):
        yield name, node


async def test_no_count_below_five_is_shown_nor_the_one_it_would_follow_from(world: Any) -> None:
    await store(world, 9, problem_domains=["debts"], variant="municipal_youth_team")
    await store(world, 8, problem_domains=["housing"])
    await store(world, 3, problem_domains=["justice"], variant="mbo_as_neighbourhood", provisions=["wgs"])
    found = await quarter(world)
    assert table(found, "problemDomains") == {"debts": 9}
    assert table(found, "supportVariants") == {"municipal_youth_team": 9}
    assert table(found, "legalFrameworks") == {}
    assert all(count >= 5 for name, count in numbers(found) if name == "count")


async def test_a_quarter_with_less_than_five_shows_nothing(world: Any) -> None:
    await store(world, 4, acknowledged_at=IN_FIRST, status="stopped", ended_at=IN_FIRST)
    found = await quarter(world)
    assert {name: value for name, value in found.items() if value} == {
        "from": "2026-01-01",
        "to": "2026-03-31",
    }


async def test_times_are_shown_for_five_and_the_percentile_for_ten(world: Any) -> None:
    for days in range(1, 11):
        await store(
            world,
            1,
            acknowledged_at=IN_FIRST + timedelta(days=days),
            first_contact_on=IN_FIRST.date() + timedelta(days=days) if days < 6 else None,
            ended_at=IN_FIRST + timedelta(days=days) if days < 5 else None,
            status="completed",
        )
    whole, team = (await quarter(world))["times"]
    assert whole["acknowledgement"] == {"medianDays": 5, "ninetiethPercentileDays": 9}
    assert whole["firstContact"] == {"medianDays": 3, "ninetiethPercentileDays": None}
    assert whole["closing"] is None
    assert team == whole | {"team": team["team"]}
    assert team["team"] == {"teamId": "kampen-wijkteam", "kind": "neighbourhood_team", "name": "Wijkteam"}


async def test_times_count_in_the_quarter_of_the_step_and_of_help_given_alone(world: Any) -> None:
    later = IN_FIRST + timedelta(days=80)
    await store(world, 5, acknowledged_at=later, status="rejected", ended_at=later)
    first, second = await figures(world, last=SECOND)
    assert first["times"] == []
    assert second["times"][0]["acknowledgement"]["medianDays"] == 80
    assert second["times"][0]["closing"] is None


async def test_a_team_with_less_than_five_has_no_entry(world: Any) -> None:
    await store(world, 5, acknowledged_at=IN_FIRST)
    await store(world, 4, acknowledged_at=IN_FIRST, team_id="kampen-schuldhulp", team_kind="debt_service")
    assert [entry["team"] and entry["team"]["teamId"] for entry in (await quarter(world))["times"]] == [
        None,
        "kampen-wijkteam",
    ]


@pytest.mark.parametrize(
    ("moment", "in_quarter"),
    [
        (datetime(2025, 12, 31, 22, 59, tzinfo=UTC), None),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), 5),
        (datetime(2026, 3, 31, 21, 59, tzinfo=UTC), 5),
        (datetime(2026, 3, 31, 22, 0, tzinfo=UTC), None),
    ],
)
async def test_a_quarter_begins_and_ends_at_midnight_in_amsterdam(
    world: Any, moment: datetime, in_quarter: int | None
) -> None:
    await store(world, 5, created_at=moment)
    assert (await quarter(world))["created"] == in_quarter


async def test_what_was_a_mistake_is_not_counted(world: Any) -> None:
    await store(world, 5, status="entered_in_error", acknowledged_at=IN_FIRST, ended_at=IN_FIRST)
    assert (await quarter(world))["created"] is None


async def test_each_organisation_counts_its_own(world: Any) -> None:
    await store(world, 6)
    await store(world, 7, receiver_organisation_id=world.core.organisation_id)
    await store(world, 8, organisation_id=world.other_school.organisation_id, responsible_municipality="0193")
    regional = replace(world.core, organisation_kind="regional_body", organisation_code="0166")
    async with world.database.transaction() as connection:
        operator = await new_client(connection, "operator", "operator", "operator")
    counted = {
        who: (await quarter(world, client))["created"]
        for who, client in {
            "school": world.school,
            "other school": world.other_school,
            "municipality, responsible or receiving": world.municipality,
            "municipality that receives for another": world.core,
            "body that receives": regional,
            "operator": operator,
        }.items()
    }
    assert counted == {
        "school": 13,
        "other school": 8,
        "municipality, responsible or receiving": 21,
        "municipality that receives for another": 15,
        "body that receives": 7,
        "operator": 21,
    }


@pytest.mark.parametrize(
    ("kind", "role", "allowed"),
    [
        ("school", "referrer", True),
        ("school", "auditor", True),
        ("school", "desk", False),
        ("municipality", "desk", True),
        ("municipality", "auditor", True),
        ("municipality", "referrer", False),
        ("municipality", "operator", False),
        ("regional_body", "desk", True),
        ("operator", "operator", True),
        ("operator", "referrer", False),
    ],
)
async def test_a_role_shows_the_figures_of_its_kind_of_organisation(
    world: Any, kind: str, role: str, allowed: bool
) -> None:
    client = replace(world.school, organisation_kind=kind, roles=frozenset({role}))
    if allowed:
        assert len(await figures(world, client)) == 1
    else:
        with pytest.raises(NotAllowed):
            await figures(world, client)


async def test_a_quarter_is_the_same_in_every_answer(world: Any) -> None:
    """So nothing is left over where one answer is subtracted from another."""
    for number in range(1, 13):
        at = IN_FIRST + timedelta(days=13 * number)
        await store(world, number, created_at=at, acknowledged_at=at, status="stopped", ended_at=at)
    first, last = FIRST, Quarter(date(2026, 7, 1))
    asked = [(one, other) for one in quarters(first, last) for other in quarters(one, last)]
    seen: dict[str, Json] = {}
    for one, other in asked:
        for found in await figures(world, first=one, last=other):
            assert seen.setdefault(found["from"], found) == found
    assert len(seen) == 3


@pytest.mark.parametrize("seed", range(8))
async def test_who_changes_places_in_what_is_missing_changes_no_answer(world: Any, seed: int) -> None:
    """The whole answer, over both quarters, is that of other handovers with other small counts."""
    chance = random.Random(seed)  # noqa: S311
    domains = ("debts", "housing", "justice", "learning")
    weights = [chance.randint(0, 9) for _ in domains]
    await store_each(world, {domain: count for domain, count in zip(domains, weights, strict=True) if count})
    before = await figures(world, last=SECOND)
    missing = [domain for domain in domains if domain not in table(before[0], "problemDomains")]
    for one, other in pairwise(missing):
        await exchange(world, one, other)
        assert await figures(world, last=SECOND) == before


async def store_each(world: Any, counts: Mapping[str, int]) -> None:
    for domain, count in counts.items():
        await store(world, count, problem_domains=[domain], acknowledged_at=IN_FIRST)


async def exchange(world: Any, one: str, other: str) -> None:
    """All that have the one domain get the other."""
    async with world.database.transaction() as connection:
        for was, becomes in ((one, "between"), (other, one), ("between", other)):
            changed = update(Handover).where(Handover.problem_domains == [was])
            await connection.execute(changed.values(problem_domains=[becomes]))
