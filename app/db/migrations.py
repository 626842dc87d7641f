"""Brings the schema to the newest migration, as the owner of the tables; tells where models differ."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from app.config import Settings
from app.db.addresses import database_addresses
from app.db.failures import naming_start_failures
from app.errors import CannotStart
from app.models.service_role import SERVICE_ROLE

LOCK_NOT_AVAILABLE = "55P03"
ROOT = Path(__file__).resolve().parents[2]


@cache
def head_revisions() -> frozenset[str]:
    """The newest migrations that this release carries; read once, for readiness asks all the time."""
    return frozenset(_scripts().get_heads())


@cache
def known_revisions() -> frozenset[str]:
    """Every migration that this release carries; what else a database has comes from a later release."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def migrate(settings: Settings) -> None:
    """Runs what is pending, all of it or nothing. Raises CannotStart."""
    with _owned(settings) as config:
        command.upgrade(config, "head")


def pending_revisions(settings: Settings) -> tuple[str, ...]:
    """Id and sentence of each migration that `migrate` would run, oldest first; changes nothing."""
    scripts = _scripts()
    pending: list[str] = []

    def note(current: tuple[str, ...], _: MigrationContext) -> list[object]:
        done = {script.revision for script in scripts.iterate_revisions(current, "base")}
        every = reversed(list(scripts.walk_revisions()))
        pending.extend(f"{script.revision} {script.doc}" for script in every if script.revision not in done)
        return []

    with _owned(settings) as config, EnvironmentContext(config, scripts, fn=note, dont_mutate=True):
        scripts.run_env()
    return tuple(pending)


def find_drift(settings: Settings) -> str | None:
    """What the migrations leave different from the models, None where nothing is. Raises CannotStart."""
    with _owned(settings) as config:
        try:
            command.check(config)
        except CommandError as error:
            return str(error)
    return None


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config(ROOT / "alembic.ini", stdout=io.StringIO())
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    return config


@contextmanager
def _owned(settings: Settings) -> Iterator[Config]:
    """Alembic's configuration for the owner's address; an embedded server runs meanwhile."""
    with database_addresses(settings) as addresses:
        if addresses.owner is None:
            raise CannotStart("DATABASE_OWNER_URL is missing: migrations run as the owner of the tables")
        config = _config()
        config.attributes["url"] = addresses.owner
        config.attributes[SERVICE_ROLE] = settings.service_role
        with naming_start_failures(), _naming_tables_in_use():
            yield config


@contextmanager
def _naming_tables_in_use() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        raise CannotStart(
            "a table stayed in use for longer than a migration waits; what was not done yet is left "
            "undone: run it again"
        ) from error
