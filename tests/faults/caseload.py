"""Load over the closed loop: students are referred, teams take steps, each sent until it is acknowledged."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from bench.stage import REFERRAL
from tests.faults.load import LAST_ANSWER_SECONDS, Ledger, insist
from tests.faults.wire import BROKEN, Wire

Json = dict[str, Any]

SCHOOL, TEAM = "school 00ZZ", "municipality 0166"
# Each case is some sixteen messages: without this one worker would still be sending long after the last.
BETWEEN_SECONDS: Final = 0.3
# The last step of a handover, with what it leads to.
STEPS: Final[dict[str, Json]] = {
    "accepted": {"action": "accept"},
    "rejected": {"action": "reject", "reason": "no_capacity"},
    "redirected": {"action": "redirect"},
}
# Each handover of a case to another team, and none to the desk, which has what was rejected.
NEXT_TEAMS: Final = ("kampen-wmo-loket", "kampen-werk-inkomen", "kampen-leerplicht")


@dataclass(slots=True)
class Caseload:
    """What clients received: of referrals, and of steps as `case/handover/status` to the handover's id."""

    referrals: Ledger
    steps: Ledger

    @property
    def in_flight(self) -> int:
        """Requests that wait for their answer now."""
        return self.referrals.in_flight + self.steps.in_flight

    def events(self) -> Counter[tuple[str, str]]:
        """The handover and status of every step that was acknowledged."""
        return Counter(
            (handover, name.rpartition("/")[2]) for name, handover in self.steps.acknowledged.items()
        )

    def odd_statuses(self) -> set[int]:
        """Answers that say neither yes nor later."""
        return (set(self.referrals.statuses) | set(self.steps.statuses)) - {200, 201, 503}

    def in_words(self) -> str:
        """The raw counts."""
        told = f"referrals {self.referrals.in_words()}; steps {self.steps.in_words()}"
        return f"seed {self.referrals.seed}: {told}"


def student(reference: str, number: int) -> bytes:
    """CONTRACT 2's own example about another student each time."""
    person = {**REFERRAL["student"], "studentNumber": reference, "houseNumber": str(number)}
    return json.dumps({**REFERRAL, "sourceReference": reference, "student": person}).encode()


@asynccontextmanager
async def working(port: int, school: str, team: str, seed: int, clients: int) -> AsyncIterator[Caseload]:
    """Clients that refer and take steps as long as the block lasts, and then finish what they began."""
    load, stopping = Caseload(Ledger(seed), Ledger(seed)), asyncio.Event()
    tasks = [
        asyncio.create_task(_client(port, (school, team), load, f"{seed}-{number}", stopping))
        for number in range(clients)
    ]
    try:
        yield load
    finally:
        stopping.set()
        async with asyncio.timeout(LAST_ANSWER_SECONDS):
            await asyncio.gather(*tasks)


async def read_feed(port: int, school: str, feed: list[Json], stop: asyncio.Event) -> None:
    """Follows the feed through its cursor, whatever breaks, until it is told to stop and there is no more."""
    cursor = ""
    async with Wire(port, school) as wire:
        while True:
            ending, page = stop.is_set(), await _page(wire, cursor)
            if page is not None:
                feed += page["items"]
                cursor = f"&cursor={quote(page['cursor'])}"
            if ending and page is not None and not page["items"]:
                return
            await asyncio.sleep(BETWEEN_SECONDS)


async def _page(wire: Wire, cursor: str) -> Json | None:
    """The next page; None where it did not come in whole."""
    try:
        answer = await wire.get(f"/v1/events?limit=100{cursor}")
    except BROKEN:
        return None
    page: Json = answer.json()
    return page if answer.status == 200 else None


async def _client(port: int, keys: Sequence[str], load: Caseload, name: str, stopping: asyncio.Event) -> None:
    chance, number = random.Random(name), 0  # noqa: S311  no secret
    async with Wire(port, keys[0]) as school, Wire(port, keys[1]) as team:
        while not stopping.is_set():
            number += 1
            case = f"{name}-{number}"
            body = student(case, chance.randrange(1, 9999))
            referred = await insist(school, load.referrals, case, "/v1/referrals", body)
            if referred is None:
                continue
            for handover, following in zip(referred.json()["handovers"], NEXT_TEAMS, strict=False):
                last = chance.choice(list(STEPS))
                step = {**STEPS[last], **({"team": following} if last == "redirected" else {})}
                await _handle(team, load.steps, case, handover, {last: step})
            await asyncio.sleep(BETWEEN_SECONDS)


async def _handle(team: Wire, ledger: Ledger, case: str, handover: Json, last: Json) -> None:
    """Acknowledges a handover and takes one step more, each with the version that the answer before gave."""
    path, version = f"/v1/handovers/{handover['id']}/transitions", handover["version"]
    for status, step in ({"acknowledged": {"action": "acknowledge"}} | last).items():
        name, body = f"{case}/{handover['id']}/{status}", json.dumps(step).encode()
        answer = await insist(team, ledger, name, path, body, f'If-Match: "{version}"\r\n')
        if answer is None:
            return
        version = answer.json()["version"]
