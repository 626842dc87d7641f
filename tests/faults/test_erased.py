"""G25: who was erased is nowhere to be read, and an older backup that is put back is erased again."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.adapters.deflate import deflate
from app.adapters.embedded_postgres import EmbeddedPostgres, embedded_postgres
from app.config import Settings
from tests.faults import backups
from tests.faults.erased import CANARIES, Person, erase, occurrences, readable, refer, sealed
from tests.faults.postgres import SERVICE_ROLE, copied_cluster, over, owner_of
from tests.faults.service import serving
from tests.faults.stage import Count, Prepared
from tests.faults.wire import Wire
from tests.unsealed import told_by_dump

Persons = dict[str, Person]


def trusting(prepared: Prepared, server: EmbeddedPostgres, trust: Path) -> Settings:
    """The settings, with a ledger of this test's own on a volume of its own."""
    return over(prepared.settings, server).model_copy(update={"trust_dir": trust})


async def live_and_erase(
    prepared: Prepared, server: EmbeddedPostgres, folder: Path, bug: str | None = None
) -> tuple[Persons, dict[str, bytes], Path]:
    """Both persons, what was sealed of the erased one, and a backup of before."""
    with serving(trusting(prepared, server, folder / "trust"), folder, bug=bug) as service:
        school, team = prepared.keys["school 00ZZ"], prepared.keys["municipality 0166"]
        async with Wire(service.port, school) as sending, Wire(service.port, team) as receiving:
            persons = {name: await refer(sending, receiving, canary) for name, canary in CANARIES.items()}
            owner = await owner_of(server)
            before = await sealed(owner, persons["gone"])
            await owner.close()
            older = backups.dump(server, folder / "older")
            assert await readable(service.port, prepared.keys, persons["gone"]) > 0, "void"
            await erase(sending, persons["gone"])
            found = [await readable(service.port, prepared.keys, one) for one in persons.values()]
    assert found[1] > 0, "the other person is gone"
    assert found[0] == 0, "the erased person can be read"
    return persons, before, older


async def whole(server: EmbeddedPostgres, person: Person) -> dict[str, bytes]:
    owner: asyncpg.Connection = await owner_of(server)
    left = await sealed(owner, person)
    await owner.close()
    return left


async def test_who_was_erased_stands_in_no_file_and_in_no_dump(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    with copied_cluster(prepared.cluster) as server:
        persons, before, _ = await live_and_erase(prepared, server, scratch)
        left, other = await whole(server, persons["gone"]), await whole(server, persons["stays"])
        dump = backups.plain_dump(server, scratch / "now")
        files = occurrences([server.folder, scratch], [canary.encode() for canary in CANARIES.values()])
        in_dump = occurrences([dump], [value.hex().encode() for value in before.values()])
        inflated = told_by_dump(dump.read_bytes())
    count(f"{len(before)} sealed columns before, {len(left)} after; {len(other)} of the other person")
    count(f"plaintext in files, log, ledger and dump: {files}; what was sealed, in a new dump: {in_dump}")
    assert len(before) == len(other) == 9
    assert (left, files, in_dump) == ({}, 0, 0)
    assert [canary for canary in CANARIES.values() if canary.encode() in inflated] == []


def test_control_a_dump_with_text_that_is_deflated_and_not_sealed_is_searched() -> None:
    told = deflate(b'"Over Kanarievogel."')
    assert b"Kanarievogel" in told_by_dump(
        b"COPY public.referral (reason) FROM stdin;\n\\\\x%s\n" % told.hex().encode()
    )


async def restored(
    prepared: Prepared, folder: Path, older: Path, persons: Persons, trust: Path
) -> tuple[int, dict[str, Any], int]:
    """Of an older backup with the keys of today: what is readable and sealed of the erased one; the other."""
    with ExitStack() as stack:
        server = stack.enter_context(embedded_postgres(folder / "new" / "postgres", SERVICE_ROLE))
        backups.restore(server, older)
        assert await whole(server, persons["gone"]), "the backup does not have the person: void"
        service = stack.enter_context(serving(trusting(prepared, server, trust), folder))
        found = [await readable(service.port, prepared.keys, one) for one in persons.values()]
        return found[0], await whole(server, persons["gone"]), found[1]


async def test_an_older_backup_is_erased_again_before_it_is_served(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    with copied_cluster(prepared.cluster) as server:
        persons, _, older = await live_and_erase(prepared, server, scratch)
    gone, left, stays = await restored(prepared, scratch, older, persons, scratch / "trust")
    count(f"answers that name the erased person: {gone}, sealed columns: {len(left)}; the other: {stays}")
    assert (gone, left) == (0, {})
    assert stays > 0


@pytest.mark.long
async def test_control_without_the_ledger_the_backup_brings_the_person_back(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    with copied_cluster(prepared.cluster) as server:
        persons, _, older = await live_and_erase(prepared, server, scratch)
    gone, left, _ = await restored(prepared, scratch, older, persons, scratch / "another volume")
    count(f"answers that name the erased person: {gone}, sealed columns: {len(left)}")
    assert gone > 0
    assert left


@pytest.mark.long
async def test_control_a_ledger_that_is_not_written_is_found(prepared: Prepared, scratch: Path) -> None:
    with copied_cluster(prepared.cluster) as server:
        persons, _, older = await live_and_erase(prepared, server, scratch, bug="unrecorded_erasures")
    gone, _, _ = await restored(prepared, scratch, older, persons, scratch / "trust")
    assert gone > 0


@pytest.mark.long
async def test_control_a_receipt_that_stays_is_found(prepared: Prepared, scratch: Path) -> None:
    with copied_cluster(prepared.cluster) as server:
        persons, _, _ = await live_and_erase(prepared, server, scratch, bug="receipts_that_stay")
        left = await whole(server, persons["gone"])
    assert left.keys() == {"receipt"}
