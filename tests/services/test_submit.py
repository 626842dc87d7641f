"""Submitting twice, at once, or with another content: one referral, or a named conflict."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.errors import IdempotencyKeyReused, SourceReferenceTaken
from app.services.referrals import find_referral

COUNT = "SELECT count(*) FROM referral"


@pytest.mark.parametrize("domains", [("family_parenting",), ("mental_health", "debts", "income")])
async def test_a_new_referral_is_stored_as_it_is_answered(world: Any, domains: tuple[Any, ...]) -> None:
    submitted = await world.submit(facts=replace(world.facts, problem_domains=domains))
    assert submitted.created
    async with world.database.transaction() as connection:
        found = await find_referral(
            connection, world.school, world.keyring, submitted.referral["id"], world.now
        )
    assert found == submitted.referral


async def test_the_same_reference_with_the_same_content_gives_the_earlier_referral(world: Any) -> None:
    first, again = await world.submit(), await world.submit()
    assert not again.created
    assert again.referral == first.referral


async def test_the_same_reference_with_other_content_is_a_conflict(world: Any, owner: Any) -> None:
    await world.submit()
    with pytest.raises(SourceReferenceTaken):
        await world.submit(content=b'{"fictional":false}')
    assert await owner.fetchval(COUNT) == 1


async def test_two_schools_may_use_the_same_reference_and_key(world: Any) -> None:
    first = await world.submit(idempotency_key="k")
    second = await world.submit(world.other_school, idempotency_key="k")
    assert second.created
    assert second.referral["id"] != first.referral["id"]


async def test_the_same_key_gives_the_earlier_referral(world: Any) -> None:
    first = await world.submit(source_reference=None, idempotency_key="k")
    again = await world.submit(source_reference=None, idempotency_key="k")
    assert (again.created, again.referral) == (False, first.referral)


@pytest.mark.parametrize("other", [{"content": b"{}"}, {"path": "/v1/elsewhere"}])
async def test_the_same_key_for_another_request_is_refused(world: Any, other: dict[str, Any]) -> None:
    await world.submit(source_reference=None, idempotency_key="k")
    with pytest.raises(IdempotencyKeyReused):
        await world.submit(source_reference=None, idempotency_key="k", **other)


async def test_a_key_is_forgotten_after_72_hours(world: Any) -> None:
    first = await world.submit(source_reference=None, idempotency_key="k")
    world.now += timedelta(hours=71, minutes=59)
    assert not (await world.submit(source_reference=None, idempotency_key="k")).created
    world.now += timedelta(minutes=1)
    later = await world.submit(source_reference=None, idempotency_key="k", content=b"{}")
    assert later.created
    assert later.referral["id"] != first.referral["id"]


async def test_a_new_key_for_a_known_reference_leads_to_the_earlier_referral(world: Any) -> None:
    first = await world.submit()
    for _ in range(2):
        again = await world.submit(idempotency_key="k")
        assert (again.created, again.referral) == (False, first.referral)


async def test_a_conflict_does_not_use_up_the_key(world: Any) -> None:
    await world.submit()
    with pytest.raises(SourceReferenceTaken):
        await world.submit(idempotency_key="k", content=b"{}")
    other = await world.submit(idempotency_key="k", content=b"{}", source_reference="sis-2")
    assert other.created


@pytest.mark.parametrize("same", [{"idempotency_key": "k", "source_reference": None}, {}])
async def test_fifty_simultaneous_requests_make_one_referral(
    world: Any, owner: asyncpg.Connection, same: dict[str, Any]
) -> None:
    answers = await asyncio.gather(*(world.submit(**same) for _ in range(50)))
    assert sum(answer.created for answer in answers) == 1
    assert len({answer.referral["id"] for answer in answers}) == 1
    assert await owner.fetchval(COUNT) == 1


async def test_a_rolled_back_referral_leaves_nothing(world: Any, owner: asyncpg.Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        async with world.database.transaction() as connection:
            await world.submit_on(connection, idempotency_key="k")
            raise ZeroDivisionError
    for table in ("referral", "decision", "handover", "advice", "event", "idempotency"):
        stored = await owner.fetch(f"SELECT * FROM {table}")  # noqa: S608  our own names
        assert [row for row in stored if row.get("type") != "directory.changed"] == []
    assert (await world.submit(idempotency_key="k")).created


async def test_nothing_is_stored_outside_a_transaction(world: Any, owner: asyncpg.Connection) -> None:
    async with world.database.engine.connect() as connection:
        with pytest.raises(RuntimeError):
            await world.submit_on(connection)
    assert await owner.fetchval(COUNT) == 0


async def test_each_step_is_told_in_the_log(world: Any, owner: asyncpg.Connection) -> None:
    submitted = await world.submit()
    told = await owner.fetch("SELECT * FROM event WHERE referral_id IS NOT NULL ORDER BY written")
    assert [event["type"] for event in told[:3]] == [
        "referral.created",
        "referral.decided",
        "handover.offered",
    ]
    assert str(told[2]["handover_id"]) == submitted.referral["handovers"][0]["id"]
    assert told[2]["receiver_organisation_id"] == world.municipality.organisation_id
    assert {(event["organisation_id"], event["correlation_id"]) for event in told} == {
        (world.school.organisation_id, "trace-1")
    }
