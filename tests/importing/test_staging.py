"""What is staged is the session's alone while its transaction runs, and nobody's afterwards (ADR 27)."""

from dataclasses import replace
from typing import Final

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import bare_driver_of
from app.services.importing.chunks import store_chunk
from app.services.importing.firsts import store_firsts
from app.services.importing.staging import STAGED
from tests.importing.conftest import Importer

SCHEMA: Final = "SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()"


async def staged(connection: AsyncConnection) -> dict[str, int]:
    driver = bare_driver_of(connection)
    return {t: await driver.fetchval(f"SELECT count(*) FROM pg_temp.staged_{t}") for t in STAGED}  # noqa: S608


async def test_no_other_session_reads_what_is_staged(importer: Importer) -> None:
    import_ = await importer.begin()
    await importer.store(import_, importer.draft(2, "a"))  # makes the tables, in the session that is next
    import_ = replace(import_, last_row=2)
    async with importer.transaction() as connection, importer.world.database.session() as other:
        await store_chunk(connection, import_, [importer.draft(3, "b")], importer.world.deciding())
        schema = await bare_driver_of(connection).fetchval(SCHEMA)
        assert (await staged(connection))["referral"] == 1
        with pytest.raises(asyncpg.PostgresError, match=r"permission denied|other sessions"):
            await other.driver.fetch(f"SELECT * FROM {schema}.staged_referral")  # noqa: S608


@pytest.mark.parametrize("kept", [True, False], ids=["committed", "rolled back"])
async def test_nothing_is_left_for_whoever_has_the_session_next(importer: Importer, kept: bool) -> None:
    import_, world = await importer.begin(), importer.world
    async with world.database.engine.connect() as connection:
        driver = bare_driver_of(connection)
        for number in (2, 3):  # the tables are made with the first
            await driver.execute("BEGIN; SELECT set_config('verwijsroute.scope', 'system', true)")
            import_ = replace(import_, last_row=0 if number == 2 else 2)
            await store_chunk(connection, import_, [importer.draft(number, f"{number}")], world.deciding())
            await driver.execute("COMMIT" if kept or number == 2 else "ROLLBACK")
        assert set((await staged(connection)).values()) == {0}


async def test_what_is_staged_for_another_organisation_is_refused_by_the_walls(
    importer: Importer, other_importer: Importer
) -> None:
    import_ = await importer.begin()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with other_importer.transaction() as connection:
            await store_firsts(bare_driver_of(connection), import_, [importer.draft(2, "a")])
