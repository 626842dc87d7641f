"""Works off an upload: examines it, runs it, and ends it where it cannot be run."""

import asyncio
from contextlib import suppress
from uuid import UUID

import structlog

from app.errors import ImportTaken, NotFound, RowFailed
from app.importing.alone import alone_with
from app.importing.pool import Producers
from app.importing.readable import make_upload_readable
from app.importing.run import run_import
from app.importing.steps import Steps
from app.importing.told import Tell
from app.importing.unreadable import UNREADABLE, faults_of
from app.resources import Resources
from app.services.importing.imports import Import

_log = structlog.get_logger()


async def work_off(
    resources: Resources,
    producers: Producers,
    organisation_id: UUID,
    id: UUID,
    stop: asyncio.Event,
    *,
    tell: Tell = lambda _: None,
) -> None:
    """Works an import off, to its end or until `stop` is set; no other of the organisation goes on meanwhile.

    Raises ImportBusy where another process is at one of them, ReadingStopped where `stop` came while the
    upload was read, and Unavailable. What is stored stays: whoever does this again goes on from there.
    """
    async with alone_with(resources.database, organisation_id):
        with suppress(ImportTaken, NotFound):  # ended meanwhile, by who asked for it or for its age
            ended = await _run(resources, producers, organisation_id, id, stop, tell)
            if ended.finished_at:
                _log.info("import_ended", import_id=str(id), outcome=ended.status, done=ended.rows_done)


async def _run(
    resources: Resources,
    producers: Producers,
    organisation_id: UUID,
    id: UUID,
    stop: asyncio.Event,
    tell: Tell,
) -> Import:
    steps = Steps(resources, organisation_id, id)
    try:
        readable = await make_upload_readable(steps, stop)
        return await run_import(resources, producers, organisation_id, id, readable, stop=stop, tell=tell)
    except UNREADABLE as error:
        if isinstance(error, RowFailed):
            kind, place = error.kind, error.place
            _log.error("import_failed", import_id=str(id), kind=kind, place=place)
        return await steps.fail(faults_of(error))
