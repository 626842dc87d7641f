"""Takes a step of a handover: opened, chosen from the table, checked, done and noted in one transaction."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.clients import Client
from app.services.deciding import Deciding
from app.services.lifecycle.choosing import choose_step
from app.services.lifecycle.demands import check_demands
from app.services.lifecycle.effects import EFFECTS
from app.services.lifecycle.noting import note
from app.services.lifecycle.opening import open_handover
from app.services.lifecycle.work import Asked, Work
from app.services.resources import Plain
from app.services.seen_handover import find_handover_after


async def transition(
    connection: AsyncConnection,
    client: Client,
    id: UUID,
    asked: Asked,
    deciding: Deciding,
    correlation_id: str | None,
) -> Plain:
    """The handover after the step, as the client sees it; the caller commits. A repeated key changes nothing.

    Raises NotFound, VersionRequired, VersionDiffers, IdempotencyKeyReused, IllegalStep with the actions that
    are allowed, Unfit for what the step lacks, and ConsentMissing.
    """
    storing = await open_handover(connection, client, id, asked, deciding, correlation_id)
    if storing is None:
        return await find_handover_after(connection, client, deciding.keyring, id, deciding.now)
    row = storing.handovers[id]
    step, actor = choose_step(client, row, asked.action, deciding.now)
    check_demands(step, asked, row, deciding)
    work = Work(storing, id, step, asked, actor, deciding)
    await EFFECTS[asked.action](work)
    await note(work)
    await storing.close()
    return await find_handover_after(connection, client, deciding.keyring, id, deciding.now)
