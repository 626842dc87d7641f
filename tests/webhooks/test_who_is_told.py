"""A subscription is told what the key that made it may read in the feed, and nothing else."""

from typing import Any

import pytest

from app.services.clients import Client
from tests.webhooks.receiver import Receiver
from tests.webhooks.stage import Stage, referral

TEAMS = frozenset({"team-a"})


@pytest.fixture
async def sides(stage: Stage) -> dict[str, Client]:
    """Who may stand beside an event of the school, which lies with `team-a` of the receiver."""
    return {
        "school": await stage.school(),
        "other school": await stage.client("school", "00ZY", "referrer"),
        "receiver": await stage.client("municipality", "0166", "team"),
        "its desk": await stage.client("municipality", "0166", "desk"),
        "its team": await stage.client("municipality", "0166", "team", teams=TEAMS),
        "its other team": await stage.client("municipality", "0166", "team", teams=frozenset({"team-b"})),
        "its referrers": await stage.client("municipality", "0166", "referrer"),
        "the desk": await stage.client("municipality", "0193", "desk"),
        "a team of the desk": await stage.client("municipality", "0193", "team"),
    }


@pytest.mark.parametrize(
    ("type", "told"),
    [
        ("handover.offered", {"school", "receiver", "its desk", "its team", "the desk"}),
        ("handover.needs_consent", {"school"}),
        (
            "directory.changed",
            {
                *("school", "other school", "receiver", "its desk", "its team", "its other team"),
                *("its referrers", "the desk", "a team of the desk"),
            },
        ),
    ],
)
async def test_an_event_goes_to_whoever_may_see_it(
    stage: Stage, sides: dict[str, Client], type: str, told: set[str]
) -> None:
    made = {name: await stage.subscribe(client, "http://127.0.0.1:1/") for name, client in sides.items()}
    where: dict[str, Any] = {}
    about = None
    if type != "directory.changed":
        receiver, desk = sides["receiver"].organisation_id, sides["the desk"].organisation_id
        where, about = {"receiver": receiver, "desk": desk, "team": "team-a"}, referral()
    await stage.happens(sides["school"], about, type, **where)
    await stage.number()
    planned = {str(row["subscription_id"]) for row in await stage.deliveries()}
    assert {name for name, subscription in made.items() if subscription["id"] in planned} == told


async def test_only_what_was_subscribed_to_is_told(stage: Stage, receiver: Receiver) -> None:
    school = await stage.school()
    await stage.subscribe(school, receiver.url, "handover.accepted", "consent.changed")
    types = ["handover.offered", "handover.accepted", "consent.changed", "referral.decided"]
    ids = [await stage.happens(school, referral(), type) for type in types]
    await stage.go()
    assert set(receiver.ids) == {ids[1], ids[2]}


async def test_an_organisation_on_both_sides_is_told_once(stage: Stage, receiver: Receiver) -> None:
    both = await stage.client("municipality", "0166", "referrer", "team", "desk")
    await stage.subscribe(both, receiver.url)
    side = both.organisation_id
    event = await stage.happens(both, referral(), "handover.offered", receiver=side, desk=side)
    await stage.go()
    assert receiver.ids == [event]
