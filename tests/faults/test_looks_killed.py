"""G23 with kills: whoever was shown in an answer that arrived is on record, whenever the service died."""

import asyncio
import random
from collections import Counter
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from app.config import Settings
from tests.faults.load import new_seed, referral, until
from tests.faults.planted_looks import LATER_SECONDS
from tests.faults.postgres import copied_cluster, over
from tests.faults.service import ROOT, free_port, run_command, serving
from tests.faults.stage import Count, Prepared
from tests.faults.wire import BROKEN, Answer, Wire

pytestmark = pytest.mark.timeout(600)

KEPT = "SELECT request_id, count(DISTINCT referral_id) FROM access_log GROUP BY request_id"
UNLINKED = "SELECT count(*) FROM access_log WHERE number IS NULL"
READERS = 6


class Shown:
    """What arrived whole: under which request how many persons were shown."""

    def __init__(self) -> None:
        self.people: dict[str, int] = {}
        self.places: list[str] = ["/v1/referrals"]

    def more_than(self, number: int) -> bool:
        return len(self.people) > number

    def note(self, answer: Answer) -> None:
        if answer.status in {200, 201}:
            told = answer.json()
            self.people[answer.headers["x-request-id"]] = len(told.get("items", [0]))
            self.places += [answer.headers["location"]] if answer.status == 201 else []


async def ask(port: int, key: str, shown: Shown, name: str, stopping: asyncio.Event) -> None:
    """One client: places, or reads what was placed, as quick as it is answered."""
    number = 0
    async with Wire(port, key) as wire:
        while not stopping.is_set():
            number += 1
            try:
                shown.note(await _one(wire, shown, name, number))
            except BROKEN:
                await asyncio.sleep(0.05)


async def _one(wire: Wire, shown: Shown, name: str, number: int) -> Answer:
    if name.endswith("-0"):
        return await wire.post("/v1/referrals", referral(f"{name}-{number}"))
    return await wire.get(random.choice(shown.places))  # noqa: S311  any will do


async def under_kills(
    prepared: Prepared, folder: Path, kills: int, bug: str | None
) -> tuple[Shown, int, str]:
    """What was shown, of how many the record lacks, and what `audit verify` said of the log at the end."""
    shown, stopping, seed, port = Shown(), asyncio.Event(), new_seed(), free_port()
    with copied_cluster(prepared.cluster) as server:
        settings = over(prepared.settings, server)
        clients = [
            asyncio.create_task(ask(port, prepared.schools[0], shown, f"{seed}-{n}", stopping))
            for n in range(READERS)
        ]
        for _ in range(kills):
            with serving(
                settings, folder, bug=bug, planted="tests.faults.planted_looks", port=port
            ) as service:
                assert await until(partial(shown.more_than, len(shown.people) + 20), 60), "void"
                service.process.kill()
        stopping.set()
        await asyncio.gather(*clients)
        connection = await asyncpg.connect(settings.database_owner_url)
        kept = Counter(dict(await connection.fetch(KEPT)))
        lacking = sum(kept[id] != people for id, people in shown.people.items())
        said = "" if bug else await verified(settings, folder, port, connection)
        await connection.close()
    return shown, lacking, said


async def verified(settings: Settings, folder: Path, port: int, connection: asyncpg.Connection) -> str:
    """What `audit verify` says once a worker has linked what is there."""
    with serving(settings, folder, port=port):
        for _ in range(300):
            if not await connection.fetchval(UNLINKED):
                break
            await asyncio.sleep(0.2)
    return run_command(settings, ROOT, "audit", "verify").stdout


@pytest.mark.parametrize("kills", [2, pytest.param(30, marks=pytest.mark.long)])
async def test_whoever_was_shown_before_a_kill_is_on_record(
    prepared: Prepared, scratch: Path, count: Count, kills: int
) -> None:
    shown, lacking, said = await under_kills(prepared, scratch, kills, None)
    count(f"{kills} kills, {len(shown.people):,} answers showed somebody, {lacking} not on record; {said!r}")
    assert lacking == 0
    assert said.endswith("whole\n")


@pytest.mark.long
async def test_control_looks_that_a_queue_writes_are_lost(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    shown, lacking, _ = await under_kills(prepared, scratch, 3, "queued")
    count(f"written {LATER_SECONDS} s later: {lacking} of {len(shown.people):,} answers not on record")
    assert lacking > 0
