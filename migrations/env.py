"""How Alembic reaches the database: as the owner, everything pending in one transaction, one at a time."""

import asyncio

import asyncpg
from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import app.models  # noqa: F401  importing the tables fills the metadata
from app.config import load_settings
from app.db.addresses import database_addresses
from app.errors import CannotStart
from app.models.base import metadata
from app.models.service_role import SERVICE_ROLE, grant_to_service

# A table that is in use is waited for this long: everyone who comes after waits behind the migration.
# What is stored is changed for all organisations: an owner is bound by row-level security as others are.
SETTINGS = (
    "SET lock_timeout = '1s'",
    "SET statement_timeout = '30min'",
    "SET verwijsroute.scope = 'system'",
)
ONE_RUNNER = 7_265_881  # any number, the same in every release: the key of the advisory lock


def run(connection: Connection) -> None:
    """Runs what the command asks for; a second runner waits here and then finds nothing to do."""
    context.configure(connection, target_metadata=metadata, compare_server_default=True)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ONE_RUNNER})
        _set_up()
        _demand_service_role(connection)
        context.run_migrations()
        # At its start the service compares the schema with the migrations it carries.
        if connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL")):
            grant_to_service("SELECT", "alembic_version")


def print_sql() -> None:
    """The statements instead of their effect: `alembic upgrade --sql`."""
    context.configure(dialect_name="postgresql", target_metadata=metadata)
    with context.begin_transaction():
        _set_up()
        context.run_migrations()


def _set_up() -> None:
    for statement in SETTINGS:
        context.execute(statement)


def _demand_service_role(connection: Connection) -> None:
    role = context.config.attributes[SERVICE_ROLE]
    if not connection.scalar(text("SELECT true FROM pg_roles WHERE rolname = :role"), {"role": role}):
        raise CannotStart(f'the role {role} does not exist: CREATE ROLE "{role}" LOGIN PASSWORD …')


async def _connect_and_run(url: str) -> None:
    async def connect(**_: object) -> asyncpg.Connection:
        return await asyncpg.connect(url, server_settings={"application_name": "verwijsroute migrate"})

    engine = create_async_engine(
        "postgresql+asyncpg://",
        connect_args={"async_creator_fn": connect},
        poolclass=NullPool,
        hide_parameters=True,
    )
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def main() -> None:
    """Takes the address that `app.db.migrations` hands over, or under `alembic` itself the settings'."""
    attributes = context.config.attributes
    if context.is_offline_mode():
        attributes.setdefault(SERVICE_ROLE, load_settings().service_role)
        print_sql()
        return
    if "url" in attributes:
        asyncio.run(_connect_and_run(attributes["url"]))
        return
    settings = load_settings()
    attributes[SERVICE_ROLE] = settings.service_role
    with database_addresses(settings) as addresses:
        if addresses.owner is None:
            raise CannotStart("DATABASE_OWNER_URL is missing: migrations run as the owner of the tables")
        asyncio.run(_connect_and_run(addresses.owner))


main()
