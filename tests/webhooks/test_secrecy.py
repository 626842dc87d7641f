"""No secret and nothing personal leaves by a message, a log line, a metric, or the database as it lies."""

import pytest

from app.services.delivery_backlog import delivery_backlog
from app.services.delivery_steps import ATTEMPTS
from tests.webhooks.receiver import Receiver
from tests.webhooks.stage import Stage, referral

CANARY = "kanarie9137"


async def test_neither_the_address_nor_what_the_receiver_says_is_logged(
    stage: Stage, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    school = await stage.school()
    secret = (await stage.subscribe(school, f"{receiver.url}/{CANARY}"))["secret"]
    receiver.statuses, receiver.headers = [500, 410], {"X-Kanarie": CANARY, "Retry-After": CANARY}
    await stage.happens(school, referral())
    for _ in range(2):
        await stage.go()
        stage.clock.move(days=1)
    printed = capsys.readouterr().out
    assert '"event": "delivery_not_made"' in printed
    assert CANARY not in printed
    assert secret not in printed
    assert str(receiver.port) not in printed


async def test_address_and_secret_lie_sealed_in_the_database(stage: Stage, receiver: Receiver) -> None:
    secret = (await stage.subscribe(await stage.school(), f"{receiver.url}/{CANARY}"))["secret"]
    row = await stage.owner.fetchrow("SELECT * FROM webhook_subscription")
    text = b"|".join(bytes(v) if isinstance(v, bytes) else str(v).encode() for v in row.values())
    assert CANARY.encode() not in text
    assert secret.removeprefix("whsec_").encode() not in text


async def test_a_message_is_small(stage: Stage, receiver: Receiver) -> None:
    school = await stage.school()
    await stage.subscribe(school, receiver.url)
    await stage.happens(school, referral(), "handover.entered_in_error", handover=referral())
    await stage.go()
    assert len(receiver.got[0].body) < 1_000


async def test_the_figures_tell_what_waits_and_what_is_stuck(stage: Stage, receiver: Receiver) -> None:
    school, about = await stage.school(), referral()
    await stage.subscribe(school, receiver.url)
    receiver.statuses = [500]
    for _ in range(3):
        await stage.happens(school, about)
    for _ in range(ATTEMPTS):
        await stage.go()
        stage.clock.move(days=2)
    async with stage.resources.database.transaction() as connection:
        found = await delivery_backlog(connection)
    assert (found.pending, found.stuck, found.failed) == (2, 1, 1)
    assert found.seconds(stage.clock.now()) == ATTEMPTS * 2 * 86_400
