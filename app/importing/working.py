"""Works off an upload: examines it, runs it, and ends it where it cannot be run."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

import structlog

from app.adapters.tables import TableFault
from app.errors import ImportStopped, ImportTaken, NotFound
from app.importing.alone import alone_with
from app.importing.pool import Producers
from app.importing.readable import make_readable
from app.importing.run import run_import
from app.importing.upload_source import UploadSource
from app.importing.uploading import own_transaction
from app.resources import Resources
from app.schemas.importing import HeaderFault, MappingFault
from app.services.importing.course import fail_import
from app.services.importing.imports import Import, find_import
from app.services.importing.rows import RowFault

_log = structlog.get_logger()


async def work_off(
    resources: Resources, producers: Producers, organisation_id: UUID, id: UUID, stop: asyncio.Event
) -> None:
    """Works an import off, to its end or until `stop` is set; no other of the organisation goes on meanwhile.

    Raises ImportBusy where another process is at one of them, ReadingStopped where `stop` came while the
    upload was read, and Unavailable. What is stored stays: whoever does this again goes on from there.
    """
    async with alone_with(resources.database, organisation_id):
        with suppress(ImportTaken, NotFound):  # ended meanwhile, by who asked for it or for its age
            ended = await _run(resources, producers, organisation_id, id, stop)
            if ended.finished_at:
                _log.info("import", import_id=str(id), outcome=ended.status, done=ended.rows_done)


async def _run(
    resources: Resources, producers: Producers, organisation_id: UUID, id: UUID, stop: asyncio.Event
) -> Import:
    async with own_transaction(resources.database, organisation_id) as connection:
        import_ = await find_import(connection, organisation_id, resources.keyring, id)
        reference = (await resources.newest_edition(connection)).reference
    source = UploadSource(resources.database, import_, stop)
    try:
        readable = await make_readable(source, import_.mapping, reference)
        return await run_import(resources, producers, organisation_id, id, readable, stop=stop)
    except (TableFault, HeaderFault, MappingFault, ImportStopped) as error:
        if isinstance(error, ImportStopped):
            _log.error("import_failed", import_id=str(id), kind=type(error).__name__)
        async with own_transaction(resources.database, organisation_id) as connection:
            now = resources.clock.now()
            return await fail_import(connection, import_, list(_faults(error)), resources.keyring, now)


def _faults(error: Exception) -> Iterator[RowFault]:
    """What keeps a file from being run, by its codes."""
    match error:
        case TableFault():
            yield RowFault(str(error.column) if error.column else None, error.code, error.detail, error.row)
        case HeaderFault():
            yield from (RowFault(one.column, one.code, one.detail, row=1) for one in error.faults)
        case MappingFault():
            yield from (RowFault(None, "mapping.invalid", detail) for _, detail in error.faults)
        case _:
            # A fault of ours: it stands in the log, and what was stored stays.
            yield RowFault(None, "import.failed", "the program failed at a row")
