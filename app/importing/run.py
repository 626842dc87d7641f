"""Runs an import from where it is to its end, and waits where the database is away."""

import asyncio
from contextlib import suppress
from typing import Final
from uuid import UUID

from app.adapters.tables import TableFault
from app.errors import ImportTaken, Unavailable
from app.importing.going import Going
from app.importing.pool import Producers
from app.importing.readable import Readable
from app.importing.steps import Steps
from app.importing.told import Progress, Results, Tell
from app.importing.unreadable import faults_of
from app.resources import Resources
from app.services.importing.imports import Import

FIRST_WAIT: Final = 0.5  # seconds, then twice as long each time
LONGEST_WAIT: Final = 15.0
_TAKEN: Final = "somebody else went on with this import"


async def run_import(
    resources: Resources,
    producers: Producers,
    organisation_id: UUID,
    import_id: UUID,
    readable: Readable,
    *,
    stop: asyncio.Event,
    tell: Tell = lambda _: None,
    results: Results | None = None,
) -> Import:
    """The import as it is afterwards: ended, or where `stop` was set perhaps not, and can be gone on with.

    A database that goes away is waited for, and asked how far the import is. Raises ImportBusy where another
    process works it off; SourceChanged, with which the import has failed; RowFailed and ProducersDie, which
    are faults of ours; Unavailable where the database stays away. What is stored stays, and can be gone on
    with.
    """
    steps = Steps(resources, organisation_id, import_id, shows=results is not None)
    going = Going(steps, producers, readable, stop, tell, results)
    wait, waited = FIRST_WAIT, 0.0
    while True:
        before = going.done
        try:
            return await going.go_on()
        except (Unavailable, ImportTaken) as error:
            if going.done > before:
                wait, waited = FIRST_WAIT, 0.0
            if stop.is_set() or waited >= resources.settings.import_wait_seconds:
                raise
            tell(Progress(going.done, readable.examined.rows, waiting=str(error) or _TAKEN))
        except TableFault as fault:
            await steps.fail(faults_of(fault))
            raise
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await stop.wait()
        wait, waited = min(2 * wait, LONGEST_WAIT), waited + wait
