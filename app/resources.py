"""What one process holds open: settings, database, rulebook, keys, clock, and the newest edition it read."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.clock import Clock, SystemClock
from app.config import ErasureLedger, Keyring, Settings, keyring_of, ledger_of
from app.db import Database, open_database, telling_settings
from app.errors import CannotStart, Unavailable
from app.reference import Reference, open_reference
from app.routing import Directory, Rulebook, RulebookError, load_rulebook
from app.services.deciding import Deciding
from app.services.directories import current_edition
from app.services.references import Edition, find_edition, find_reference
from app.services.starting import catch_up, keep_what_decides

LOOK_EVERY: Final = 2.0  # seconds, for open data alone: who has a key reads the edition in each call
_REFERENCES_KEPT: Final = 3


@dataclass(slots=True)
class Resources:
    """What requests and commands work with. `newest` is the edition that was read last."""

    settings: Settings
    database: Database
    rulebook: Rulebook
    keyring: Keyring
    ledger: ErasureLedger
    clock: Clock
    newest: Edition | None = None
    looked_at: float = float("-inf")
    references: OrderedDict[str, Reference] = field(default_factory=OrderedDict)
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def newest_edition(self, connection: AsyncConnection, edition: int | None = None) -> Edition:
        """The newest edition with its reference; the snapshot is kept until there is a newer one.

        `edition` is its number where the caller has just read it.
        """
        if edition is None:
            edition = await current_edition(connection)
        held = self.newest
        if held is None or held.directory.edition != edition:
            held = self.newest = await find_edition(connection, edition, self._reference)
        return held

    def deciding(self, edition: Edition) -> Deciding:
        """What is needed to decide at this moment, over an edition."""
        directory, reference = edition
        today, now = self.clock.today(), self.clock.now()
        return Deciding(self.rulebook, directory, reference, self.keyring, self.ledger, today, now)

    async def newest_directory(self, connection: AsyncConnection, edition: int | None = None) -> Directory:
        """The directory of the newest edition."""
        return (await self.newest_edition(connection, edition)).directory

    async def reference_lately(self) -> Reference:
        """The reference in force some seconds ago at most, or while the database is away that of before."""
        now = time.monotonic()
        if now - self.looked_at > LOOK_EVERY:
            self.looked_at = now
            try:
                async with self.database.transaction() as connection:
                    await self.newest_edition(connection)
            except Unavailable:
                structlog.get_logger().warning("reference_stale")
        return self.newest.reference if self.newest else open_reference()

    async def _reference(self, connection: AsyncConnection, hash: str | None) -> Reference:
        """A reference by hash, the last few kept; read once, however many requests want it at a time."""
        async with self.reading:
            found = self.references.get(hash or "") or await find_reference(connection, hash)
            self.references[found.hash] = found
            self.references.move_to_end(found.hash)
            if len(self.references) > _REFERENCES_KEPT:
                self.references.popitem(last=False)
        return found


@asynccontextmanager
async def open_resources(
    settings: Settings, rulebook: Rulebook | None = None, clock: Clock | None = None
) -> AsyncIterator[Resources]:
    """Opens all of it; keeps what decides for replays, and repeats erasures. Raises CannotStart."""
    rules, ticking = rulebook or shipped_rulebook(), clock or SystemClock()
    keyring = keyring_of(settings)
    ledger = ledger_of(settings, keyring)
    async with open_database(settings) as database:
        async with database.transaction() as connection:
            await keep_what_decides(connection, rules, settings.team_confirmation_days, ticking)
        await catch_up(database.transaction, ledger)
        yield Resources(settings, database, rules, keyring, ledger, ticking)


async def tell_reference(resources: Resources) -> None:
    """Reads the newest edition, and says in the log when its reference is not the shipped one."""
    in_force, shipped = (await resources.reference_lately()).hash, open_reference().hash
    if in_force != shipped:
        structlog.get_logger().warning("reference_differs", in_force=in_force, shipped=shipped)


async def tell_database_log(resources: Resources) -> None:
    """Says in the log when that of the database would repeat what people send."""
    async with resources.database.transaction() as connection:
        telling = await telling_settings(connection)
    if telling:
        structlog.get_logger().warning("database_log_repeats", settings=telling)


def shipped_rulebook() -> Rulebook:
    """The shipped rulebook; a broken rule file stops the start with file, rule and reason."""
    try:
        return load_rulebook()
    except RulebookError as error:
        raise CannotStart(str(error)) from None
