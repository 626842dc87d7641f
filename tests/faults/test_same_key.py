"""G4: one key, fifty requests at once: one referral; another body or organisation is told apart."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.load import new_seed, referral
from tests.faults.postgres import copied_cluster, over
from tests.faults.service import serving
from tests.faults.stage import Count, Prepared
from tests.faults.wire import Answer, Wire, wires

AT_ONCE = 50
# Fifty at once wait for one another; on a slow machine that must not look like a database that is away.
PATIENT = {
    f"database_{wait}_seconds": 30.0 for wait in ("pool", "connect", "command", "statement", "lock", "idle")
}


def keyed(name: str) -> str:
    return f"Idempotency-Key: {name}\r\n"


async def place(lines: Sequence[Wire], name: str) -> list[Answer]:
    """The same request over every connection at the same time."""
    return await asyncio.gather(*(line.post("/v1/referrals", referral(name), keyed(name)) for line in lines))


def is_wrong(answers: Sequence[Answer]) -> bool:
    """Whether a round is anything but one 201, the others 200, all with the same id."""
    statuses = sorted(answer.status for answer in answers)
    if statuses != [200] * (len(answers) - 1) + [201]:
        return True
    return len({answer.json()["id"] for answer in answers}) > 1


async def wrong_rounds(
    prepared: Prepared, folder: Path, rounds: int, bug: str | None = None
) -> tuple[str, int]:
    """The seed with the statuses of all answers, and how many of the rounds were wrong."""
    seed, answered = new_seed(), list[list[Answer]]()
    with (
        copied_cluster(prepared.cluster) as server,
        serving(over(prepared.settings, server).model_copy(update=PATIENT), folder, bug=bug) as service,
    ):
        async with wires(service.port, prepared.schools[0], AT_ONCE) as lines:
            for number in range(rounds):
                answered.append(await place(lines, f"{seed}-{number}"))
    statuses = Counter(answer.status for answers in answered for answer in answers)
    return f"seed {seed}: {dict(statuses)}", sum(map(is_wrong, answered))


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.long)])
async def test_one_key_fifty_times_at_once_makes_one_referral(
    prepared: Prepared, scratch: Path, count: Count, rounds: int
) -> None:
    seed, wrong = await wrong_rounds(prepared, scratch, rounds)
    count(f"{seed}; {rounds} rounds of {AT_ONCE} at once, {wrong} wrong")
    assert wrong == 0


@pytest.mark.long
async def test_control_a_service_that_forgets_keys_is_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    seed, wrong = await wrong_rounds(prepared, scratch, 2, bug="forgotten_keys")
    count(f"{seed}; {wrong} of 2 rounds wrong")
    assert wrong == 2


@pytest.mark.long
async def test_a_key_belongs_to_one_request_of_one_organisation(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    with (
        copied_cluster(prepared.cluster) as server,
        serving(over(prepared.settings, server), scratch) as service,
    ):
        async with (
            Wire(service.port, prepared.schools[0]) as one,
            Wire(service.port, prepared.schools[1]) as two,
        ):
            first = await one.post("/v1/referrals", referral("a"), keyed("shared"))
            other_body = await one.post("/v1/referrals", referral("b"), keyed("shared"))
            other_school = await two.post("/v1/referrals", referral("a"), keyed("shared"))
    count(f"first {first.status}, other body {other_body.status}, other school {other_school.status}")
    assert (first.status, other_body.status, other_school.status) == (201, 422, 201)
    assert first.json()["id"] != other_school.json()["id"]
