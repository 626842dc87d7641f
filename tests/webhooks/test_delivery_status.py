"""A handover tells whether its team was told: after the newest delivery to the receiver, and to it alone."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from app.services.clients import Client
from app.services.delivery_status import tell_handovers
from app.services.delivery_steps import ATTEMPTS
from tests.webhooks.receiver import Receiver
from tests.webhooks.stage import START, Stage, referral

PLANT_REFERRAL = """
INSERT INTO referral (id, organisation_id, created_at, content_fingerprint, status, decision_version, key_id,
                      wrapped_key, identity, reference_date)
VALUES ($1, $2, $3, 'x', 'open', 1, 'k', 'x', 'x', '2026-11-21')
"""
PLANT_HANDOVER = """
INSERT INTO handover (id, referral_id, organisation_id, receiver_organisation_id, decision_version, status,
                      lead, version, provisions, route_positions, flags, delivery_status, created_at,
                      deadlines)
VALUES ($1, $2, $3, $4, 1, 'offered', true, 1, '{}', '{}', '{}', 'none', $5, '[]')
"""

Offer = Callable[[], Awaitable[UUID]]


@pytest.fixture
async def team(stage: Stage) -> Client:
    return await stage.client("municipality", "0166", "team", "desk")


@pytest.fixture
async def offer(stage: Stage, team: Client) -> Offer:
    """Offers a handover to the team, with the event of it."""
    school = await stage.school()

    async def make() -> UUID:
        about, handover = referral(), referral()
        await stage.owner.execute(PLANT_REFERRAL, about, school.organisation_id, START)
        await stage.owner.execute(
            PLANT_HANDOVER, handover, about, school.organisation_id, team.organisation_id, START
        )
        receiver = team.organisation_id
        await stage.happens(school, about, "handover.offered", handover=handover, receiver=receiver)
        return handover

    return make


async def status(stage: Stage, handover: UUID) -> str:
    return str(await stage.owner.fetchval("SELECT delivery_status FROM handover WHERE id = $1", handover))


async def test_without_a_subscription_there_is_none(stage: Stage, offer: Offer, receiver: Receiver) -> None:
    await stage.subscribe(await stage.school(), receiver.url)
    handover = await offer()
    await stage.go()
    assert (len(receiver.got), await status(stage, handover)) == (1, "none")


async def test_it_is_pending_delivered_or_failed(
    stage: Stage, team: Client, offer: Offer, receiver: Receiver
) -> None:
    await stage.subscribe(team, receiver.url)
    receiver.statuses = [500]
    handover = await offer()
    await stage.go()
    assert await status(stage, handover) == "pending"
    for _ in range(ATTEMPTS):
        stage.clock.move(days=2)
        await stage.go()
    assert await status(stage, handover) == "failed"
    receiver.statuses = [204]
    another = await offer()
    await stage.go()
    assert await status(stage, another) == "delivered"


async def test_a_handover_that_is_being_changed_is_told_afterwards_and_nobody_waits(
    stage: Stage, team: Client, offer: Offer, receiver: Receiver
) -> None:
    await stage.subscribe(team, receiver.url)
    handover = await offer()
    async with stage.owner.transaction():
        await stage.owner.execute("SELECT FROM handover WHERE id = $1 FOR UPDATE", handover)
        async with asyncio.timeout(2):
            await stage.go()
    assert await status(stage, handover) == "none"
    await stage.go()
    assert await status(stage, handover) == "delivered"


async def test_what_ends_while_it_is_told_is_told_again(
    stage: Stage, team: Client, offer: Offer, receiver: Receiver
) -> None:
    await stage.subscribe(team, receiver.url)
    handover = await offer()
    await stage.number()
    async with stage.owner.transaction():  # a worker that has not committed yet
        await stage.owner.execute("UPDATE webhook_delivery SET status = 'delivered', told = false")
        async with stage.resources.database.transaction() as connection:
            assert await tell_handovers(connection) == 0
    async with stage.resources.database.transaction() as connection:
        assert await tell_handovers(connection) == 1
    assert await status(stage, handover) == "delivered"
