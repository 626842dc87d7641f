"""What the service demands of its database before it serves."""

import asyncpg
import pytest
from sqlalchemy import text

from app.adapters.embedded_postgres import OWNER_ROLE, EmbeddedPostgres
from app.config import Settings
from app.db import open_database
from app.db.fitness import schema_state
from app.errors import CannotStart


async def refusal(settings: Settings, **changed: str) -> str:
    with pytest.raises(CannotStart) as refused:
        async with open_database(settings.model_copy(update=changed)):
            pass
    return str(refused.value)


async def test_the_owner_is_refused_because_row_level_security_would_not_bind_it(
    settings: Settings, server: EmbeddedPostgres
) -> None:
    assert "superuser" in await refusal(settings, database_url=server.url(OWNER_ROLE))


async def test_a_role_that_owns_a_table_is_refused(settings: Settings, owner: asyncpg.Connection) -> None:
    await owner.execute("CREATE TABLE mine (); ALTER TABLE mine OWNER TO verwijsroute_service")
    try:
        assert "owns tables" in await refusal(settings)
    finally:
        await owner.execute("DROP TABLE mine")


async def test_a_role_whose_sessions_stage_an_import_is_not(settings: Settings) -> None:
    async with open_database(settings) as database, database.transaction() as connection:
        await connection.execute(text("CREATE TEMPORARY TABLE staged_something (id uuid)"))
        async with open_database(settings):
            pass


async def test_a_role_that_may_not_make_temporary_tables_is_refused(
    settings: Settings, owner: asyncpg.Connection
) -> None:
    name, role = await owner.fetchval("SELECT quote_ident(current_database())"), settings.service_role
    await owner.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC, {role}")
    try:
        assert "temporary tables" in await refusal(settings)
    finally:
        await owner.execute(f"GRANT TEMPORARY ON DATABASE {name} TO PUBLIC, {role}")


@pytest.mark.parametrize("wish", ["synchronous_commit = off", "synchronous_commit = local"])
async def test_a_database_that_may_forget_is_refused(
    settings: Settings, owner: asyncpg.Connection, wish: str
) -> None:
    await owner.execute(f"ALTER ROLE verwijsroute_service SET {wish}")
    try:
        assert "synchronous_commit is off" in await refusal(settings)
    finally:
        await owner.execute("ALTER ROLE verwijsroute_service RESET ALL")


async def test_a_database_that_cannot_hold_every_name_is_refused(
    settings: Settings, server: EmbeddedPostgres, owner: asyncpg.Connection
) -> None:
    await owner.execute("CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'")
    try:
        url = server.url("verwijsroute_service", "ascii")
        assert "encoding is not UTF8" in await refusal(settings, database_url=url)
    finally:
        await owner.execute("DROP DATABASE ascii")


async def test_a_schema_of_an_earlier_release_is_refused_with_what_to_do(
    settings: Settings, owner: asyncpg.Connection
) -> None:
    at = await owner.fetchval("SELECT version_num FROM alembic_version")
    await owner.execute("UPDATE alembic_version SET version_num = '20261121first'")
    try:
        assert "run `verwijsroute migrate`" in await refusal(settings)
    finally:
        await owner.execute("UPDATE alembic_version SET version_num = $1", at)


async def test_a_schema_of_a_later_release_is_served(settings: Settings, owner: asyncpg.Connection) -> None:
    at = await owner.fetchval("SELECT version_num FROM alembic_version")
    await owner.execute("UPDATE alembic_version SET version_num = 'later'")
    try:
        async with open_database(settings) as database, database.engine.connect() as connection:
            assert await schema_state(connection) == "newer"
    finally:
        await owner.execute("UPDATE alembic_version SET version_num = $1", at)


@pytest.mark.parametrize("lowered", ["DISABLE", "NO FORCE"])
async def test_a_table_whose_wall_is_down_is_refused_by_name(
    settings: Settings, owner: asyncpg.Connection, lowered: str
) -> None:
    await owner.execute(f"ALTER TABLE decision {lowered} ROW LEVEL SECURITY")
    try:
        assert "not in force on decision, " in await refusal(settings)
    finally:
        await owner.execute("ALTER TABLE decision ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")


async def test_an_unknown_role_is_refused_and_its_password_not_repeated(
    settings: Settings, server: EmbeddedPostgres
) -> None:
    url = server.url("stranger").replace("stranger", "stranger:canary-4711")
    message = await refusal(settings, database_url=url)
    assert "check the role, password and name" in message
    assert "canary" not in message
