"""For commands: the turn at the chains, and the heads outside the database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.postgres import driver_of
from app.errors import CannotStart, HeadsDamaged, HeadsUnreachable
from app.resources import Resources
from app.services.chain_heads import Heads, read_heads
from app.services.chain_rows import take_turn

TRIES: Final = 100
BETWEEN: Final = 0.1  # seconds


@asynccontextmanager
async def at_the_chains(resources: Resources) -> AsyncIterator[AsyncConnection]:
    """A transaction in which nobody else links, anchors or cuts; workers leave off meanwhile.

    Raises CannotStart where the turn does not come within ten seconds.
    """
    async with resources.database.transaction() as connection:
        driver = await driver_of(connection)
        for _ in range(TRIES):
            if await take_turn(driver):
                break
            await asyncio.sleep(BETWEEN)
        else:
            raise CannotStart("somebody else has been at the chains for ten seconds: try again")
        yield connection


async def anchored_heads(resources: Resources, none: Heads | None = None) -> Heads:
    """The heads outside the database, or `none` where there are none. Raises CannotStart."""
    folder = resources.settings.trust_folder
    try:
        heads = await read_heads(folder, resources.keyring) or none
    except HeadsDamaged:
        raise CannotStart(
            f"the heads in {folder} were not written with this index key: put back the file"
        ) from None
    except HeadsUnreachable:
        raise CannotStart(f"{folder} cannot be read") from None
    if heads is None:
        raise CannotStart(f"{folder} holds no heads: has a worker run, and is it the right volume?")
    return heads
