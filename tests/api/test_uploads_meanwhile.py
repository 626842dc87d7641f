"""An upload that was answered 202 is worked off, whatever a command began, and however often it was asked."""

import asyncio
from hashlib import sha256
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient

from app.db import database
from app.importing import uploading
from app.resources import Resources
from app.services.clients import client_of_service
from app.services.importing.arriving import MOST_UNFINISHED
from app.services.importing.course import Examined, NewImport, begin_import, start_import
from app.services.repeats import claim_key
from tests.api.uploads import rows, send, send_form, table, work

STORED = "SELECT count(*) FROM referral"


async def stopped_command(resources: Resources, content: bytes) -> None:
    """What `verwijsroute import FILE` leaves that was killed."""
    async with resources.database.transaction() as connection:
        client = await client_of_service(connection, "school", "00ZZ", frozenset({"referrer"}))
    new = NewImport(digest=sha256(content).digest(), mapping=None, dry_run=False)
    now, known = resources.clock.now(), Examined(format="csv", encoding="UTF-8", delimiter=";", rows_total=3)
    async with resources.database.transaction_of(client.organisation_id) as connection:
        begun = await begin_import(connection, new, client, resources.keyring, now)
        await start_import(connection, begun, known, resources.keyring, now)


async def test_a_file_that_a_command_stopped_at_is_imported_when_it_is_sent(
    school: AsyncClient, resources: Resources, owner: asyncpg.Connection
) -> None:
    await stopped_command(resources, table(rows(3)))
    sent = await send(school, table(rows(3)))
    await work(resources)
    assert (await school.get(sent.headers["location"])).json()["status"] == "succeeded"
    assert await owner.fetchval(STORED) == 3


async def test_an_upload_whose_commit_was_not_heard_of_is_there_for_the_same_key(
    school: AsyncClient, resources: Resources, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, claimed = database._commit, []

    async def claim(*asked: Any) -> bool:
        claimed.append(True)
        return await claim_key(*asked)

    async def commit_unheard(driver: asyncpg.Connection) -> None:
        await commit(driver)
        if claimed:
            raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(uploading, "claim_key", claim)
        patch.setattr(database, "_commit", commit_unheard)
        assert (await send(school, table(rows(2)), Idempotency_Key="k")).status_code == 503
    assert (await send(school, table(rows(2)), Idempotency_Key="k")).status_code == 202
    await work(resources)
    assert (await owner.fetchval("SELECT count(*) FROM import"), await owner.fetchval(STORED)) == (1, 2)


async def test_many_uploads_at_once_are_no_more_than_there_is_room_for(
    school: AsyncClient, owner: asyncpg.Connection
) -> None:
    sent = await asyncio.gather(*(send(school, table(rows(count))) for count in range(1, 41)))
    taken = [answer.status_code for answer in sent].count(202)
    assert await owner.fetchval("SELECT count(*) FROM import") == taken
    assert 0 < taken <= MOST_UNFINISHED


@pytest.mark.parametrize("mapping", ["separator = " + "9" * 5000, '[columns]\n"reason" = "a\\u0000b"\n'])
async def test_a_mapping_that_no_fault_can_be_told_of_is_refused_at_once(
    school: AsyncClient, owner: asyncpg.Connection, mapping: str
) -> None:
    assert (await send_form(school, table(rows(1)), mapping=mapping)).status_code == 400
    assert await owner.fetchval("SELECT count(*) FROM import") == 0
