"""`verwijsroute audit`: what it says of a log that is whole, of one that is not, and what it gives out."""

import asyncio
import json
from uuid import UUID

import asyncpg
import pytest

from app.config import Settings
from app.resources import open_resources
from app.services.access_log import SERVICE
from app.worker.chain_access_log import JOB
from tests.cli.conftest import Type
from tests.services.tampering import A, delete_middle, delete_tail, write


async def link(settings: Settings) -> None:
    async with open_resources(settings) as resources:
        while await JOB.run(resources):
            pass


@pytest.fixture
async def chained(settings: Settings, owner: asyncpg.Connection) -> Settings:
    """Two organisations with twenty rows each, linked and anchored; the owner is bound by no trigger."""
    await write(owner, 40)
    await link(settings)
    await owner.execute("SET session_replication_role = replica")
    return settings


@pytest.mark.usefixtures("chained")
async def test_a_whole_log_is_said_to_be_whole(verwijsroute: Type) -> None:
    done = await asyncio.to_thread(verwijsroute, "audit", "verify")
    assert (done.code, done.out) == (0, "40 rows in 2 chains; 0 linked since the last anchor\nwhole\n")


@pytest.mark.usefixtures("chained")
async def test_a_broken_log_is_exit_code_1_with_organisation_and_number(
    verwijsroute: Type, owner: asyncpg.Connection
) -> None:
    await delete_middle(owner)
    done = await asyncio.to_thread(verwijsroute, "audit", "verify", "--json")
    assert done.code == 1
    assert json.loads(done.out)["breaks"] == [{"organisation_id": str(A), "number": 5, "damage": "missing"}]


async def test_a_log_of_which_nothing_is_anchored_cannot_be_verified(verwijsroute: Type) -> None:
    done = await asyncio.to_thread(verwijsroute, "audit", "verify")
    assert done.code == 2
    assert "holds no heads" in done.err


async def test_after_a_restore_the_log_goes_on_and_the_restart_stays_on_record(
    verwijsroute: Type, chained: Settings, owner: asyncpg.Connection
) -> None:
    await delete_tail(owner)
    assert (await asyncio.to_thread(verwijsroute, "audit", "verify")).code == 1
    accepted = await asyncio.to_thread(verwijsroute, "audit", "accept")
    assert accepted.out == f"{A}: had 20, goes on from 17\n"
    await write(owner, 2)
    await link(chained)
    done = await asyncio.to_thread(verwijsroute, "audit", "verify")
    assert done.code == 0
    assert f"{A}: restarted" in done.out


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
@pytest.mark.usefixtures("chained")
async def test_of_a_whole_log_there_is_nothing_to_accept(
    verwijsroute: Type, options: tuple[str, ...]
) -> None:
    done = await asyncio.to_thread(verwijsroute, "audit", "accept", *options)
    assert (done.code, done.out) == (0, "There is nothing to accept: the log is what was anchored of it.\n")


@pytest.mark.usefixtures("chained")
async def test_a_dry_run_accepts_nothing(verwijsroute: Type, owner: asyncpg.Connection) -> None:
    await delete_tail(owner)
    await asyncio.to_thread(verwijsroute, "audit", "accept", "--dry-run")
    assert (await asyncio.to_thread(verwijsroute, "audit", "verify")).code == 1


@pytest.mark.usefixtures("chained")
async def test_the_processing_log_names_every_subject_and_no_user(verwijsroute: Type) -> None:
    done = await asyncio.to_thread(verwijsroute, "audit", "export", "--format", "ldv")
    lines = [json.loads(line) for line in done.out.splitlines()]
    subjects = {line["attributes"].get("dpl.core.data_subject_id") for line in lines}
    assert len(subjects - {None}) == 40
    assert all(len(line["trace_id"]) == 32 and len(line["span_id"]) == 16 for line in lines)
    assert "u-1" not in done.out


@pytest.mark.parametrize("named", ["00ZY", "school:00ZY"])
@pytest.mark.usefixtures("chained")
async def test_an_organisation_is_named_by_its_kind_and_code(
    verwijsroute: Type, owner: asyncpg.Connection, named: str
) -> None:
    await owner.execute("INSERT INTO organisation VALUES ($1, 'school', '00ZY', 'x', now())", A)
    done = await asyncio.to_thread(
        verwijsroute, "audit", "export", "--format", "nen7513", "--organisation", named
    )
    assert {json.loads(line)["organisation"]["code"] for line in done.out.splitlines()} == {"00ZY"}


@pytest.mark.parametrize(
    ("named", "says"), [("00ZX", "there is no school 00ZX"), ("team:x", "KIND:CODE with school")]
)
async def test_an_organisation_that_is_none_is_one_message(verwijsroute: Type, named: str, says: str) -> None:
    done = await asyncio.to_thread(
        verwijsroute, "audit", "export", "--format", "ldv", "--organisation", named
    )
    assert (done.code, done.out) == (2, "")
    assert says in done.err


@pytest.mark.usefixtures("chained")
async def test_the_audit_names_who_why_and_the_link(verwijsroute: Type) -> None:
    done = await asyncio.to_thread(
        verwijsroute, "audit", "export", "--format", "nen7513", "--organisation", str(A)
    )
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert sorted(line["chain"]["number"] for line in lines) == list(range(1, 21))
    assert {line["purpose"] for line in lines} == {"support"}
    assert {line["actingUser"] for line in lines} == {f"u-{n}" for n in range(2, 41, 2)}


async def test_that_the_log_was_given_out_stands_in_the_log(
    verwijsroute: Type, chained: Settings, owner: asyncpg.Connection
) -> None:
    await asyncio.to_thread(verwijsroute, "audit", "export", "--format", "ldv", "--user", "j.auditor")
    await link(chained)
    row = await owner.fetchrow("SELECT * FROM access_log WHERE organisation_id = $1", UUID(int=SERVICE.int))
    assert (row["activity"], row["acting_user"], row["number"]) == ("export_access_log", "j.auditor", 1)


async def test_a_day_that_is_none_is_one_message(verwijsroute: Type) -> None:
    done = await asyncio.to_thread(verwijsroute, "audit", "export", "--format", "ldv", "--from", "gisteren")
    assert (done.code, done.out) == (2, "")
    assert "'--from': write a day as YYYY-MM-DD" in done.err


async def test_a_first_day_after_the_last_is_refused_and_nothing_is_on_record(
    verwijsroute: Type, owner: asyncpg.Connection
) -> None:
    days = ("--from", "2026-12-01", "--to", "2026-11-30")
    done = await asyncio.to_thread(verwijsroute, "audit", "export", "--format", "ldv", *days)
    assert (done.code, done.err) == (2, "verwijsroute: --from 2026-12-01 is after --to 2026-11-30\n")
    assert await owner.fetchval("SELECT count(*) FROM access_log") == 0
