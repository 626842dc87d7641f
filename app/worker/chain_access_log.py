"""Links the access log and anchors its heads."""

from datetime import timedelta
from typing import Final

from app.adapters.postgres import driver_of
from app.errors import ChainBroken
from app.resources import Resources
from app.services.chain_heads import Heads, keep_heads, read_heads
from app.services.chain_rows import take_turn
from app.services.chaining import LINKED_AT_ONCE, first_heads, link_rows
from app.worker.job import Job


async def _run(resources: Resources) -> int:
    """The turn outlasts the links' own transaction: whoever comes next finds their heads anchored."""
    folder, keyring = resources.settings.trust_folder, resources.keyring
    async with resources.database.transaction() as turn:
        if not await take_turn(await driver_of(turn)):
            return 0
        heads = await read_heads(folder, keyring)
        if heads is None:
            # Anchored before anything is linked: else a crash in between would look like a lost file.
            heads = await first_heads(turn)
            await keep_heads(folder, keyring, heads)
        async with resources.database.transaction() as connection:
            linked = await link_rows(connection, heads)
        await _anchor(resources, heads, linked.heads)
        if linked.broken:
            raise ChainBroken
    return linked.rows


async def _anchor(resources: Resources, before: Heads, after: Heads) -> None:
    if after != before:
        await keep_heads(resources.settings.trust_folder, resources.keyring, after)


JOB: Final = Job("chain_access_log", timedelta(seconds=2), _run, full=LINKED_AT_ONCE)
