"""The import of a file: a new one, or the one of the same content that was stopped."""

from app.adapters.tables import FileSource
from app.cli.import_asked import Asked
from app.importing.readable import Readable, make_readable
from app.resources import Resources
from app.services.clients import Client
from app.services.importing.course import NewImport, begin_import
from app.services.importing.imports import Import


async def begin_file(resources: Resources, asked: Asked, client: Client) -> tuple[Import, Readable]:
    """The import, and the file that it reads; raises what `make_readable` does before anything is stored."""
    async with resources.database.transaction() as connection:
        reference = (await resources.newest_edition(connection)).reference
    readable = await make_readable(FileSource(asked.file), asked.read_mapping(), reference)
    new = NewImport(
        digest=readable.examined.digest,
        mapping=readable.mapping,
        dry_run=asked.dry_run,
        acting_user=asked.user,
    )
    async with resources.database.transaction_of(client.organisation_id) as connection:
        now = resources.clock.now()
        return await begin_import(connection, new, client, resources.keyring, now), readable
