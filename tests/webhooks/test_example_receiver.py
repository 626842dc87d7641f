"""The receiver of the examples takes what the service sends, and nothing false, old or twice."""

import importlib.util
from pathlib import Path
from typing import Any

import time_machine

from app.adapters.webhook_envelope import new_secret
from tests.webhooks.receiver import Got, Receiver
from tests.webhooks.stage import START, Stage, referral

FILE = Path(__file__).parents[2] / "examples/receiver/receive.py"


def inbox(*secrets: str) -> Any:
    spec = importlib.util.spec_from_file_location("receive", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Inbox(*secrets)


async def sent(stage: Stage, receiver: Receiver) -> tuple[str, Got]:
    school = await stage.school()
    secret = (await stage.subscribe(school, receiver.url))["secret"]
    await stage.happens(school, referral())
    await stage.go()
    return secret, receiver.got[0]


async def test_it_takes_a_message_once(stage: Stage, receiver: Receiver) -> None:
    secret, got = await sent(stage, receiver)
    box = inbox(new_secret(), secret)
    with time_machine.travel(START, tick=False):
        assert [box.handle(got.headers, got.body) for _ in range(2)] == [204, 204]
    assert box.messages == [got.event]


async def test_it_refuses_what_is_false_or_old(stage: Stage, receiver: Receiver) -> None:
    secret, got = await sent(stage, receiver)
    box = inbox(secret)
    with time_machine.travel(START, tick=False):
        assert box.handle(got.headers, got.body.replace(b"decided", b"created")) == 400
        assert box.handle({**got.headers, "webhook-id": "another"}, got.body) == 400
        assert box.handle({**got.headers, "webhook-signature": "v1,nonsense"}, got.body) == 400
        assert box.handle({}, got.body) == 400
        assert inbox(new_secret()).handle(got.headers, got.body) == 400
    assert box.handle(got.headers, got.body) == 400  # today: the message is of another day
    assert box.messages == []
