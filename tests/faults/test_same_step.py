"""G4 over steps: one key, fifty requests at once: one step; of two that would both have it, one wins."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.faults.caseload import SCHOOL, TEAM, student
from tests.faults.load import new_seed
from tests.faults.postgres import copied_cluster, over, owner_of
from tests.faults.service import serving
from tests.faults.stage import Count, Prepared
from tests.faults.test_same_key import AT_ONCE, PATIENT, keyed
from tests.faults.wire import Answer, Wire, wires

STEPS_OF = "SELECT count(*) FROM event WHERE handover_id = $1 AND type = $2"
NEXT_TEAM = "kampen-toegang"


class Parties:
    """A school that refers, and connections of the team that is asked."""

    def __init__(self, school: Wire, team: Sequence[Wire], owner: asyncpg.Connection) -> None:
        self.school, self.team, self.owner = school, team, owner

    async def offered(self, name: str) -> dict[str, Any]:
        """A new handover, offered to the team."""
        made = await self.school.post("/v1/referrals", student(name, 1))
        handover: dict[str, Any] = made.json()["handovers"][0]
        assert handover["status"] == "offered", "void"
        return handover

    async def at_once(self, id: str, version: int, *steps: tuple[str, dict[str, str]]) -> list[Answer]:
        """The steps, each with its key and over its own connection, at the same time."""
        return await asyncio.gather(
            *(
                wire.post(
                    f"/v1/handovers/{id}/transitions",
                    json.dumps(step).encode(),
                    f'{keyed(key)}If-Match: "{version}"\r\n',
                )
                for wire, (key, step) in zip(self.team, steps, strict=False)
            )
        )

    async def taken(self, id: str, status: str) -> int:
        """How often the handover came to this status, as its events say."""
        return int(await self.owner.fetchval(STEPS_OF, id, f"handover.{status}"))


async def parties(stack: AsyncExitStack, prepared: Prepared, folder: Path, bug: str = "") -> Parties:
    """A service of its own, with fifty connections of the team."""
    server = stack.enter_context(copied_cluster(prepared.cluster))
    settings = over(prepared.settings, server).model_copy(update=PATIENT)
    service = stack.enter_context(serving(settings, folder, bug=bug or None))
    owner = await owner_of(server)
    stack.push_async_callback(owner.close)
    school = await stack.enter_async_context(Wire(service.port, prepared.keys[SCHOOL]))
    team = await stack.enter_async_context(wires(service.port, prepared.keys[TEAM], AT_ONCE))
    return Parties(school, team, owner)


async def wrong_rounds(
    prepared: Prepared, folder: Path, rounds: int, bug: str = ""
) -> tuple[Counter[int], int]:
    """All statuses, and the rounds that were not fifty answers with the same version and one event."""
    statuses, wrong = Counter[int](), 0
    async with AsyncExitStack() as stack:
        here, seed = await parties(stack, prepared, folder, bug), new_seed()
        for number in range(rounds):
            handover = await here.offered(f"{seed}-{number}")
            same = [(f"{seed}-step-{number}", {"action": "acknowledge"})] * AT_ONCE
            answers = await here.at_once(handover["id"], handover["version"], *same)
            statuses += Counter(answer.status for answer in answers)
            versions = {answer.json().get("version") for answer in answers}
            once = await here.taken(handover["id"], "acknowledged") == 1
            wrong += not (once and versions == {handover["version"] + 1})
    return statuses, wrong


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.long)])
async def test_one_key_fifty_times_at_once_is_one_step(
    prepared: Prepared, scratch: Path, count: Count, rounds: int
) -> None:
    statuses, wrong = await wrong_rounds(prepared, scratch, rounds)
    count(f"{dict(statuses)}; {rounds} rounds of {AT_ONCE} at once, {wrong} wrong")
    assert wrong == 0
    assert set(statuses) == {200}


@pytest.mark.long
async def test_control_a_service_that_forgets_the_keys_of_steps_is_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    statuses, wrong = await wrong_rounds(prepared, scratch, 2, "forgotten_step_keys")
    count(f"{dict(statuses)}; {wrong} of 2 rounds wrong")
    assert wrong == 2


async def test_of_two_who_accept_at_once_one_wins(prepared: Prepared, scratch: Path, count: Count) -> None:
    async with AsyncExitStack() as stack:
        here, statuses = await parties(stack, prepared, scratch), Counter[tuple[int, ...]]()
        for number in range(10):
            handover = await here.offered(f"two-{number}")
            both = [(f"{number}-{one}", {"action": "accept"}) for one in range(2)]
            answers = await here.at_once(handover["id"], handover["version"], *both)
            statuses[tuple(sorted(answer.status for answer in answers))] += 1
            assert await here.taken(handover["id"], "accepted") == 1
    count(f"{dict(statuses)}")
    assert statuses == {(200, 412): 10}


async def test_where_the_next_team_accepts_as_this_one_takes_it_back_one_has_it(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    async with AsyncExitStack() as stack:
        here, ends = await parties(stack, prepared, scratch), Counter[tuple[str, str]]()
        for number in range(10):
            first = (await here.offered(f"warm-{number}"))["id"]
            await here.at_once(first, 1, (f"a{number}", {"action": "accept"}))
            step = (f"r{number}", {"action": "redirect", "team": NEXT_TEAM})
            (redirected,) = await here.at_once(first, 2, step)
            ends[await _race(here, number, redirected.json())] += 1
    count(f"{dict(ends)}")
    assert set(ends) <= {("redirected", "accepted"), ("accepted", "withdrawn")}


async def _race(here: Parties, number: int, this: dict[str, Any]) -> tuple[str, str]:
    """Both steps at once, and how both handovers stand then; one step alone was taken."""
    following = this["succeededBy"]
    answers = [
        answer
        for pair in await asyncio.gather(
            here.at_once(following, 1, (f"n{number}", {"action": "accept"})),
            _on(here, 1).at_once(this["id"], this["version"], (f"c{number}", {"action": "cancel_redirect"})),
        )
        for answer in pair
    ]
    won, lost = sorted(answer.status for answer in answers)
    assert won == 200
    assert lost in {409, 412}
    row = "SELECT status FROM handover WHERE id = $1"
    return await here.owner.fetchval(row, this["id"]), await here.owner.fetchval(row, following)


def _on(here: Parties, first: int) -> Parties:
    """The same, whose first connection is another."""
    return Parties(here.school, here.team[first:], here.owner)
