"""The import of standard input: kept first, sealed, since it is read twice and a stopped import goes on."""

import asyncio
import sys
from typing import Final

from app.cli.import_asked import Asked
from app.importing.readable import Readable, make_upload_readable
from app.importing.steps import Steps
from app.importing.unreadable import UNREADABLE, faults_of
from app.importing.uploading import take_in
from app.resources import Resources
from app.schemas.importing import load_mapping
from app.services.clients import Client
from app.services.importing.course import NewImport
from app.services.importing.imports import Import

_PIECE: Final = 1 << 18  # bytes


async def begin_input(resources: Resources, asked: Asked, client: Client) -> tuple[Import, Readable]:
    """The import, and the upload that it reads; one that cannot be read has failed, and that is raised."""
    mapping = asked.read_mapping()
    if mapping is not None:
        load_mapping(mapping)
    new = NewImport(digest=None, mapping=mapping, dry_run=asked.dry_run, acting_user=asked.user)
    async with take_in(resources, client, new) as upload:
        while piece := await asyncio.to_thread(sys.stdin.buffer.read, _PIECE):
            await upload.take(piece)
        import_ = await upload.end(resources, client)
    steps = Steps(resources, client.organisation_id, import_.id)
    try:
        return import_, await make_upload_readable(steps, asyncio.Event())
    except UNREADABLE as error:
        await steps.fail(faults_of(error))
        raise
