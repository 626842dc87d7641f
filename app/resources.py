"""What one process holds open: settings, database, rulebook, reference data, keys, clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.clock import Clock, SystemClock
from app.adapters.encryption import Keyring
from app.config import Settings
from app.db import Database, open_database
from app.errors import CannotStart
from app.reference import Reference, open_reference
from app.routing import Directory, Rulebook, RulebookError, load_rulebook
from app.services.directories import adopt_setting, current_edition, load_directory
from app.services.rulebooks import store_rulebook


@dataclass(slots=True)
class Resources:
    """What requests and commands work with. `directory` is the newest edition that was read."""

    settings: Settings
    database: Database
    rulebook: Rulebook
    reference: Reference
    keyring: Keyring
    clock: Clock
    directory: Directory | None = None

    async def newest_directory(self, connection: AsyncConnection, edition: int | None = None) -> Directory:
        """The newest edition; the snapshot is kept until there is a newer one.

        `edition` is its number where the caller has just read it.
        """
        if edition is None:
            edition = await current_edition(connection)
        if self.directory is None or self.directory.edition != edition:
            self.directory = await load_directory(connection, edition, self.reference.places)
        return self.directory


@asynccontextmanager
async def open_resources(
    settings: Settings, rulebook: Rulebook | None = None, clock: Clock | None = None
) -> AsyncIterator[Resources]:
    """Opens all of it; keeps rulebook and setting that decide, for replays. Raises CannotStart."""
    rules, time = rulebook or shipped_rulebook(), clock or SystemClock()
    keyring = _keyring(settings)
    async with open_database(settings) as database:
        async with database.transaction() as connection:
            await store_rulebook(connection, rules, time.now())
            await adopt_setting(connection, settings.team_confirmation_days, time.now())
        yield Resources(settings, database, rules, open_reference(), keyring, time)


def shipped_rulebook() -> Rulebook:
    """The shipped rulebook; a broken rule file stops the start with file, rule and reason."""
    try:
        return load_rulebook()
    except RulebookError as error:
        raise CannotStart(str(error)) from None


def _keyring(settings: Settings) -> Keyring:
    if settings.index_key is None:
        raise CannotStart("VERWIJSROUTE_INDEX_KEY is missing")
    return Keyring(settings.key_encryption_keys, settings.active_key_id, settings.index_key)
