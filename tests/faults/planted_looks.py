"""The service with looks that are written by a queue after the answer: `… planted_looks queued serve`."""

import asyncio
import sys
from typing import Any, Final

from fastapi import Request

from app.cli import main
from app.deps import access
from app.deps.note import NOTE, held
from app.services.access_log import write_trail
from tests.faults.planted_delivery import put

LATER_SECONDS: Final = 0.3
_writing: set[asyncio.Task[None]] = set()


async def _write(request: Request) -> None:
    await asyncio.sleep(LATER_SECONDS)
    async with held(request).database.transaction() as connection:
        await write_trail(connection, request.scope[NOTE].trail, held(request).clock.now())


async def _queue(request: Request, *_: Any) -> None:
    task = asyncio.create_task(_write(request))
    _writing.add(task)
    task.add_done_callback(_writing.discard)


if __name__ == "__main__":
    sys.argv.pop(1)
    put(access, "keep_trail", _queue)
    main()
