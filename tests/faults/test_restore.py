"""G11: a backup taken under load, restored into a new cluster, holds what was acknowledged before it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.adapters.embedded_postgres import EmbeddedPostgres, embedded_postgres
from app.config import Settings
from app.errors import CannotStart
from app.resources import Resources, open_resources
from app.routing import Directory, Rulebook, route
from app.routing.plain import facts_from, to_plain
from app.services.references import find_edition
from app.services.rulebooks import find_rulebook
from tests.faults import backups
from tests.faults.load import Ledger, new_seed, placing, until
from tests.faults.postgres import SERVICE_ROLE, copied_cluster, over, owner_of
from tests.faults.service import serving
from tests.faults.stage import Count, Prepared
from tests.faults.wire import Wire

pytestmark = pytest.mark.long

FEWEST = 10
Acknowledged = dict[str, str]
Json = dict[str, Any]


async def back_up_under_load(
    prepared: Prepared, server: EmbeddedPostgres, folder: Path, kind: str, seconds: float
) -> tuple[Path, Acknowledged, Ledger]:
    """The backup, what was acknowledged before it began, and the ledger of the whole run."""
    with serving(over(prepared.settings, server), folder) as service:
        async with placing(service.port, prepared.schools[:1], new_seed(), clients=4) as ledger:
            await asyncio.sleep(seconds)
            assert await until(lambda: len(ledger.acknowledged) >= FEWEST, 30), "void"
            before = dict(ledger.acknowledged)
            take = backups.dump if kind == "dump" else backups.base_backup
            backup = await asyncio.to_thread(take, server, folder / "backup")
            assert await until(lambda: len(ledger.acknowledged) > len(before) + FEWEST, 30), "void"
    assert len(ledger.acknowledged) > len(before) > 0, "nothing was placed meanwhile: void"
    return backup, before, ledger


async def missing(server: EmbeddedPostgres, before: Acknowledged) -> int:
    """How many of the acknowledged referrals the restored database lacks."""
    owner = await owner_of(server)
    stored = {str(row["id"]) for row in await owner.fetch("SELECT id FROM referral")}
    await owner.close()
    return len(set(before.values()) - stored)


async def decided_otherwise(settings: Settings, key: str, port: int, before: Acknowledged) -> int:
    """How many receipts do not open, or do not give the stored routes when they are decided again."""
    wrong, decided_by = 0, _remembering()
    async with open_resources(settings) as held, Wire(port, key) as wire:
        for identifier in before.values():
            answer = await wire.get(f"/v1/referrals/{identifier}/receipt")
            receipt = answer.json()
            stored = receipt["decision"]
            rules, directory = await decided_by(held, stored)
            days = date.fromisoformat(receipt["referenceDate"]), date.fromisoformat(receipt["today"])
            again = to_plain(route(facts_from(receipt["facts"]), rules, directory, *days))
            wrong += answer.status != 200 or again != stored
    return wrong


def _remembering() -> Callable[[Resources, Json], Awaitable[tuple[Rulebook, Directory]]]:
    """Finds what a decision names in the restored database, each once."""
    known: dict[tuple[str, int], tuple[Rulebook, Directory]] = {}

    async def find(held: Resources, decision: Json) -> tuple[Rulebook, Directory]:
        rules, edition = decision["rulebook"]["hash"], decision["directory"]["edition"]
        if (rules, edition) not in known:
            async with held.database.transaction() as connection:
                directory, _ = await find_edition(connection, edition)
                known[rules, edition] = await find_rulebook(connection, rules), directory
        return known[rules, edition]

    return find


@pytest.mark.parametrize(("kind", "seconds"), [("dump", 10), ("files and log", 10)])
async def test_a_restored_backup_holds_what_was_acknowledged_before_it(
    prepared: Prepared, scratch: Path, count: Count, kind: str, seconds: float
) -> None:
    with copied_cluster(prepared.cluster) as server:
        backup, before, _ = await back_up_under_load(prepared, server, scratch, kind, seconds)
    began = time.monotonic()
    new = scratch / "new" / "postgres" if kind == "dump" else backup
    with ExitStack() as stack:
        restored = stack.enter_context(embedded_postgres(new, SERVICE_ROLE))
        if kind == "dump":
            backups.restore(restored, backup)
        settings = over(prepared.settings, restored)
        service = stack.enter_context(serving(settings, scratch))
        took = time.monotonic() - began
        lost = await missing(restored, before)
        wrong = await decided_otherwise(settings, prepared.schools[0], service.port, before)
    count(f"{len(before)} acknowledged before the backup: {lost} missing, {wrong} receipts decided otherwise")
    count(f"{took:.1f} s from the backup to a service that answers")
    assert (lost, wrong) == (0, 0)


async def test_control_a_dump_that_was_cut_short_is_found(prepared: Prepared, scratch: Path) -> None:
    with copied_cluster(prepared.cluster) as server:
        backup, _, _ = await back_up_under_load(prepared, server, scratch, "dump", 1)
    backups.cut_short(backup)
    with (
        embedded_postgres(scratch / "new" / "postgres", SERVICE_ROLE) as restored,
        pytest.raises(AssertionError, match="pg_restore"),
    ):
        backups.restore(restored, backup)


async def test_control_files_without_their_log_are_found(prepared: Prepared, scratch: Path) -> None:
    with copied_cluster(prepared.cluster) as server:
        backup = backups.base_backup(server, scratch / "backup", log=False)
    with (
        pytest.raises(CannotStart, match="did not start"),
        embedded_postgres(backup, SERVICE_ROLE),
    ):
        pytest.fail("a backup without its log was served")


async def test_control_a_backup_of_yesterday_is_found(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    with copied_cluster(prepared.cluster) as server:
        yesterday = backups.dump(server, scratch / "yesterday")
        _, before, _ = await back_up_under_load(prepared, server, scratch, "dump", 1)
    with embedded_postgres(scratch / "new" / "postgres", SERVICE_ROLE) as restored:
        backups.restore(restored, yesterday)
        lost = await missing(restored, before)
    count(f"{lost} of {len(before)} missing")
    assert lost == len(before)
