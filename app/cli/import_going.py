"""An import that goes on in this command, with its progress told, until its end or Ctrl-C."""

import os

from app.cli.import_asked import Asked
from app.cli.import_progress import telling
from app.cli.stopping import stopping
from app.importing.pool import open_producers
from app.importing.readable import Readable
from app.importing.run import run_import
from app.importing.told import Results
from app.resources import Resources
from app.services.importing.imports import Import


async def go_on(
    resources: Resources, asked: Asked, readable: Readable, import_: Import, results: Results
) -> Import:
    """The import as it is afterwards; one that has not ended can be gone on with."""
    whose = (import_.organisation_id, import_.id)
    async with open_producers(resources, asked.processes or os.cpu_count() or 1) as producers:
        with telling(asked.name) as tell, stopping() as stop:
            return await run_import(
                resources, producers, *whose, readable, stop=stop, tell=tell, results=results
            )
