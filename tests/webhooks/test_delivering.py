"""Every event arrives at whoever subscribed to it, once by its id and in the order of its referral."""

import asyncio
from datetime import timedelta

from app.adapters.outgoing import Outgoing
from app.services.delivery_steps import ATTEMPTS
from app.services.messages import message_of
from app.services.sending import AT_ONE_SUBSCRIPTION, claim_due
from app.services.subscription_rows import Wanted
from app.worker.send_deliveries import Sending
from tests.webhooks.receiver import Receiver
from tests.webhooks.stage import START, Stage, referral


async def test_an_event_arrives_signed_with_what_it_is_about_and_nothing_more(
    stage: Stage, receiver: Receiver
) -> None:
    school, about, handover = await stage.school(), referral(), referral()
    subscription = await stage.subscribe(school, receiver.url)
    event = await stage.happens(school, about, "handover.needs_consent", handover=handover)
    await stage.go()
    (got,) = receiver.got
    got.check(subscription["secret"])
    assert got.id == event
    assert got.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert got.event == {
        "specversion": "1.0",
        "id": event,
        "source": "urn:nld:oin:00000000000000000000:systeem:verwijsroute",
        "type": "nl.verwijsroute.handover.needs-consent.v1",
        "time": "2026-11-21T12:00:00Z",
        "datacontenttype": "application/json",
        "dataref": f"/v1/handovers/{handover}",
        "sequence": got.event["sequence"],
        "sequencetype": "Integer",
        "data": {
            "type": "handover.needs_consent",
            "role": "team",
            "referralId": str(about),
            "handoverId": str(handover),
        },
    }
    assert await stage.statuses() == ["delivered"]


async def test_a_subscription_begins_with_what_is_numbered_after_it(stage: Stage, receiver: Receiver) -> None:
    school = await stage.school()
    await stage.happens(school, referral())
    await stage.number()
    await stage.subscribe(school, receiver.url)
    later = await stage.happens(school, referral())
    await stage.go()
    assert receiver.ids == [later]


async def test_events_of_one_referral_wait_for_one_another_and_those_of_others_do_not(
    stage: Stage, receiver: Receiver
) -> None:
    school, one, other = await stage.school(), referral(), referral()
    await stage.subscribe(school, receiver.url)
    first = [await stage.happens(school, one) for _ in range(3)]
    second = await stage.happens(school, other)
    receiver.statuses = [500, 204]
    await stage.go()
    assert set(receiver.ids) == {first[0], second}
    stage.clock.move(seconds=7)
    receiver.statuses = [204]
    await stage.go()
    assert [id for id in receiver.accepted if id != second] == first


async def test_a_receiver_that_was_down_gets_all_of_it_once_and_in_order(
    stage: Stage, receiver: Receiver
) -> None:
    """G5: down for an hour of the clock, with events going on meanwhile."""
    school, cases = await stage.school(), [referral() for _ in range(8)]
    secret = (await stage.subscribe(school, receiver.url))["secret"]
    await receiver.stop()
    told = {case: [await stage.happens(school, case) for _ in range(5)] for case in cases}
    for _ in range(4):
        await stage.go()
        stage.clock.move(minutes=15)
    assert receiver.got == []
    await receiver.start()
    stage.clock.move(hours=3)
    await stage.go()
    assert len(receiver.ids) == len(set(receiver.ids)) == 40
    assert [[id for id in receiver.ids if id in told[case]] for case in cases] == list(told.values())
    for got in receiver.got:
        got.check(secret)


async def test_after_the_last_attempt_the_stream_stands_visibly_still(
    stage: Stage, receiver: Receiver
) -> None:
    school, about = await stage.school(), referral()
    await stage.subscribe(school, receiver.url)
    for _ in range(2):
        await stage.happens(school, about)
    receiver.statuses = [503]
    for _ in range(ATTEMPTS + 5):
        await stage.go()
        stage.clock.move(days=2)
    assert len(receiver.got) == ATTEMPTS
    assert await stage.statuses() == ["failed", "pending"]


async def test_retry_after_is_honoured_and_no_longer_than_a_day(stage: Stage, receiver: Receiver) -> None:
    school = await stage.school()
    await stage.subscribe(school, receiver.url)
    await stage.happens(school, referral())
    receiver.statuses, receiver.headers = [429], {"Retry-After": "7200"}
    await stage.go()
    (waiting,) = await stage.deliveries()
    assert waiting["next_attempt_at"] == START + timedelta(hours=2)
    stage.clock.move(hours=2)
    receiver.headers = {"Retry-After": "999999999999"}
    await stage.go()
    (waiting,) = await stage.deliveries()
    assert waiting["next_attempt_at"] == START + timedelta(hours=26)


async def test_what_is_gone_is_left_alone_until_it_is_made_active_again(
    stage: Stage, receiver: Receiver
) -> None:
    school, about = await stage.school(), referral()
    subscription = await stage.subscribe(school, receiver.url)
    told = [await stage.happens(school, about) for _ in range(3)]
    receiver.statuses = [410]
    await stage.go()
    assert (len(receiver.got), await stage.statuses()) == (1, ["failed"] * 3)
    missed = await stage.happens(school, about)
    stage.clock.move(days=1)
    await stage.go()
    assert len(receiver.got) == 1
    receiver.statuses = [204]
    await stage.change(school, subscription["id"], Wanted(receiver.url))
    await stage.go()
    assert receiver.accepted == told
    assert missed not in receiver.ids


async def test_both_secrets_sign_for_a_day_after_the_newer_is_made(stage: Stage, receiver: Receiver) -> None:
    school = await stage.school()
    old = await stage.subscribe(school, receiver.url)
    new = await stage.change(school, old["id"], Wanted(receiver.url, rotate_secret=True))
    for hours in (0, 25):
        stage.clock.move(hours=hours)
        await stage.happens(school, referral())
        await stage.go()
    during, after = receiver.got
    during.check(old["secret"])
    during.check(new["secret"])
    after.check(new["secret"])
    assert [len(got.headers["webhook-signature"].split(" ")) for got in receiver.got] == [2, 1]


async def test_the_same_message_is_signed_anew_at_each_attempt(stage: Stage, receiver: Receiver) -> None:
    school = await stage.school()
    secret = (await stage.subscribe(school, receiver.url))["secret"]
    await stage.happens(school, referral())
    receiver.statuses = [500, 204]
    await stage.go()
    stage.clock.move(seconds=7)
    await stage.go()
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 7
    second.check(secret)


async def test_what_a_worker_claimed_before_it_was_killed_is_sent_after_its_lease(
    stage: Stage, receiver: Receiver
) -> None:
    school = await stage.school()
    await stage.subscribe(school, receiver.url)
    event = await stage.happens(school, referral())
    await stage.number()
    async with stage.resources.database.transaction() as connection:
        (claim,) = await claim_due(connection, stage.clock.now(), 16)
    # It may have sent it before it was killed: the receiver knows the id.
    sent = message_of(claim, stage.resources.keyring, "urn:nld:x", stage.clock.now())
    await Outgoing(allow_loopback=True).post(sent.url, sent.headers, sent.body)
    await stage.send()
    assert receiver.ids == [event]
    stage.clock.move(seconds=61)
    await stage.send()
    assert receiver.ids == [event, event]
    assert [(row["status"], row["attempts"]) for row in await stage.deliveries()] == [("delivered", 2)]


async def test_several_workers_send_each_delivery_once(stage: Stage, receiver: Receiver) -> None:
    school = await stage.school()
    await stage.subscribe(school, receiver.url)
    for _ in range(40):
        await stage.happens(school, referral())
    await stage.number()
    workers = [Sending() for _ in range(4)]
    async with asyncio.timeout(60):
        while len(receiver.ids) < 40:
            await asyncio.gather(*(worker.run(stage.resources) for worker in workers))
        for _ in range(3):  # whoever looks again finds nothing more to send
            await asyncio.gather(*(worker.run(stage.resources) for worker in workers))
    await asyncio.gather(*(worker.finish() for worker in workers))
    assert len(receiver.ids) == len(set(receiver.ids)) == 40


async def test_a_receiver_that_hangs_holds_up_no_other(stage: Stage, receiver: Receiver) -> None:
    school, slow = await stage.school(), Receiver(held=asyncio.Event())
    await slow.start()
    await stage.subscribe(school, slow.url)
    await stage.subscribe(school, receiver.url)
    for _ in range(30):
        await stage.happens(school, referral())
    await stage.number()
    patient = Sending(Outgoing(allow_loopback=True, deadline=30))
    async with asyncio.timeout(20):  # less than the one attempt at the slow one
        while len(receiver.got) < 30:
            await patient.run(stage.resources)
    assert len(slow.got) == AT_ONE_SUBSCRIPTION
    assert slow.held is not None
    slow.held.set()
    await patient.finish()
    await slow.stop()
