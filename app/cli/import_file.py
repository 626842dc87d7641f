"""One file imported by a command: begun or gone on with, to its end or until somebody stops it."""

import os
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.cli.acting import acting_for
from app.cli.import_asked import Asked, readable_of
from app.cli.import_faults import naming_faults
from app.cli.import_progress import telling
from app.cli.import_results import FileResults
from app.cli.stopping import stopping
from app.importing import Readable, open_producers, run_import
from app.resources import Resources
from app.services.importing.course import NewImport, begin_import
from app.services.importing.imports import Import


@dataclass(frozen=True, slots=True)
class Done:
    """The import afterwards, where its results are, and the names of its municipalities by code."""

    import_: Import
    results: list[Path]
    names: dict[str, str]


async def run_file(resources: Resources, asked: Asked) -> Done:
    """Imports the file as far as it goes; raises CannotStart with what keeps it from going on."""
    with naming_faults(asked.name, str(asked.mapping)):
        client = await acting_for(resources, asked.organisation, "referrer")
        readable = await readable_of(resources, asked)
        new = NewImport(
            digest=readable.examined.digest,
            mapping=readable.mapping,
            dry_run=asked.dry_run,
            acting_user=asked.user,
        )
        with closing(FileResults(asked.folder, asked.name)) as results:
            async with resources.database.session() as session:
                await session.begin("organisation", client.organisation_id)
                now = resources.clock.now()
                import_ = await begin_import(session.connection, new, client, resources.keyring, now)
            import_ = await _go_on(resources, asked, readable, import_, results)
            return Done(import_, results.paths, await _names(resources, import_))


async def _go_on(
    resources: Resources, asked: Asked, readable: Readable, import_: Import, results: FileResults
) -> Import:
    if import_.rows_done:
        told = f"goes on after row {import_.last_row}; {import_.rows_done:,} rows were done before"
        print(f"{asked.name}: {told}", file=sys.stderr)
    async with open_producers(resources, asked.processes or os.cpu_count() or 1) as producers:
        with telling(asked.name) as tell, stopping() as stop:
            whose = (import_.organisation_id, import_.id)
            return await run_import(
                resources, producers, *whose, readable, stop=stop, tell=tell, results=results
            )


async def _names(resources: Resources, import_: Import) -> dict[str, str]:
    reference = await resources.reference_lately()
    return {code: reference.name_of(code) for code in import_.summary.get("municipalities", {})}
