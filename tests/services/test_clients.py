"""Who calls is known by a key that works; giving and taking back keys connects organisations."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.errors import NotAuthenticated, NotFound
from app.services.clients import (
    Client,
    authenticate,
    create_client,
    list_clients,
    revoke_client,
    rotate_client,
)
from app.services.directories import current_edition, load_directory

HOUR = timedelta(hours=1)


async def new_key(world: Any, **changes: Any) -> str:
    rights = {"label": "extra", "roles": frozenset({"referrer"}), "now": world.now} | changes
    async with world.database.transaction() as connection:
        return await create_client(connection, world.school.organisation_id, **rights)


async def who(world: Any, key: str, after: timedelta = timedelta()) -> Client:
    async with world.database.transaction() as connection:
        return await authenticate(connection, key, world.now + after)


async def test_a_key_tells_the_organisation_and_its_rights(world: Any) -> None:
    client = await who(world, await new_key(world, team_ids=frozenset({"a"})))
    assert (client.organisation_kind, client.organisation_code) == ("school", "00ZZ")
    assert (client.roles, client.team_ids) == (frozenset({"referrer"}), frozenset({"a"}))


async def test_a_wrong_secret_and_an_unknown_key_are_refused(world: Any) -> None:
    key = await new_key(world)
    wrong = [key[:-1] + ("0" if key[-1] != "0" else "1"), "vr_0000000000000000_" + "0" * 64, "", "x"]
    for text in wrong:
        with pytest.raises(NotAuthenticated):
            await who(world, text)


async def test_an_expired_key_is_refused_from_its_moment_on(world: Any) -> None:
    key = await new_key(world, expires_at=world.now + HOUR)
    await who(world, key, HOUR - timedelta(seconds=1))
    with pytest.raises(NotAuthenticated):
        await who(world, key, HOUR)


async def test_a_revoked_key_is_refused_at_once(world: Any) -> None:
    key = await new_key(world)
    async with world.database.transaction() as connection:
        await revoke_client(connection, key.split("_")[1], now=world.now)
    with pytest.raises(NotAuthenticated):
        await who(world, key)


async def test_both_keys_work_for_a_while_after_rotation(world: Any) -> None:
    old = await new_key(world)
    async with world.database.transaction() as connection:
        new = await rotate_client(connection, old.split("_")[1], now=world.now, both_work_for=HOUR)
    assert (await who(world, old)).organisation_id == (await who(world, new, HOUR)).organisation_id
    with pytest.raises(NotAuthenticated):
        await who(world, old, HOUR)


async def test_an_unknown_or_revoked_key_is_not_rotated(world: Any) -> None:
    key = (await new_key(world)).split("_")[1]
    async with world.database.transaction() as connection:
        await revoke_client(connection, key, now=world.now)
        for public_id in (key, "unknown"):
            with pytest.raises(NotFound):
                await rotate_client(connection, public_id, now=world.now, both_work_for=HOUR)
        with pytest.raises(NotFound):
            await revoke_client(connection, "unknown", now=world.now)


async def test_the_list_of_keys_holds_nothing_of_the_secret(world: Any) -> None:
    key = await new_key(world)
    async with world.database.transaction() as connection:
        listed = await list_clients(connection)
    assert key.split("_")[1] in {row["public_id"] for row in listed}
    assert all(key.split("_")[2] not in str(row) and "secret" not in str(row.keys()) for row in listed)


async def test_no_table_holds_a_secret(world: Any, owner: asyncpg.Connection) -> None:
    secret = (await new_key(world)).split("_")[2]
    stored = await owner.fetch("SELECT * FROM credential")
    assert secret not in str(stored)
    assert bytes.fromhex(secret) not in {row["secret_sha256"] for row in stored}


async def test_a_municipality_is_reached_while_it_has_a_key_for_a_team_or_desk(world: Any) -> None:
    assert "0166" in await connected(world)
    async with world.database.transaction() as connection:
        (key,) = (row["public_id"] for row in await list_clients(connection) if row["code"] == "0166")
        await revoke_client(connection, key, now=world.now)
    assert "0166" not in await connected(world)


async def connected(world: Any) -> frozenset[str]:
    async with world.database.transaction() as connection:
        edition = await current_edition(connection)
        return (await load_directory(connection, edition, {})).connected
